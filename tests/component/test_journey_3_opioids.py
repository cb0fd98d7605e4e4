"""Journey 3 with other opioids, other settings and another course of its doses."""

from pathlib import Path
from typing import Any

import pytest

from tests.component.test_journey_3 import without_answers
from tests.support.journeys.courses import JOURNEY_3, WITHOUT_REVIEW, Make, in_memory
from tests.support.journeys.play import Play
from tests.support.submissions import DIAZEPAM, OXYCODONE

pytestmark = pytest.mark.wide

ACCEPTED, CONSULTATION, COMPLETED = "2027-02-03 10:00", "2027-03-09 11:00", "2027-03-09 11:05"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A clinic at which the table was played until then."""
    return in_memory(JOURNEY_3, tmp_path)


async def test_buprenorphine_beside_a_benzodiazepine_asks_for_naloxone(make: Make) -> None:
    buprenorphine = OXYCODONE | {"code": "351266", "route": "sublingual"}
    play = await without_answers(make, until=ACCEPTED, medications=[buprenorphine, DIAZEPAM])
    due = await play.every("care_plan.opioid_check_fell_due")
    assert {(each.fact["check"], each.fact["rule"]) for each in due} == {
        ("naloxone_offer", "OPI-04"),
        ("co_prescription", "OPI-05"),
    }


async def alerts(play: Play, code: str) -> list[Any]:
    return [each for each in await play.every("care_plan.safety_alert_raised") if each.fact["code"] == code]


async def test_from_ninety_on_a_second_physician_and_the_team_look(make: Make) -> None:
    play = await make(COMPLETED)
    [raised] = await alerts(play, "mme_high_second_review")
    assert raised.local == "03-09 11:00"
    said = (raised.fact["severity"], raised.fact["rule"], raised.fact["queue"])
    assert said == ("urgent", "OPI-02", "medical")
    called = await play.every("notifications.escalation_raised", subject_id=raised.subject)
    assert [each.fact["ack_due_at"] for each in called] == ["2027-03-09T20:00:00Z"]
    assert [item for item in await play.clinic.queues() if "MDT_LIST" in item] == [
        "coordination MDT_LIST 03-16 17:00"
    ]
    cases = await play.every("care_plan.mdt_case_requested")
    assert {each.subject for each in cases} == {cases[0].subject}, "one case collects all reasons"
    assert ("OPI-02", "urgent") in {(each.fact["reason"], each.fact["priority"]) for each in cases}


async def test_whoever_held_the_consultation_is_refused_the_second_review_of_its_dose(make: Make) -> None:
    play = await make(COMPLETED)
    [raised] = await alerts(play, "mme_high_second_review")
    path, found = f"/safety-alerts/{raised.subject}/assess", {"result": "no_imminent_risk", "note": "Seen."}
    answer = await play.clinic.request("POST", "care_plan", path, "paul.okafor", json=found)
    said = answer.json()
    assert (answer.status_code, said["type"]) == (409, "urn:huddle:problem:not-second")
    assert "maya.stein" in said["detail"] and "paul.okafor" not in said["detail"]
    await play.post("care_plan", path, "maya.stein", **found)
    assert (await play.last("care_plan.safety_alert_assessed")).subject == raised.subject


async def test_without_the_setting_only_the_new_programme_goes_before_the_team(make: Make) -> None:
    play = await make(COMPLETED, WITHOUT_REVIEW)
    assert not await alerts(play, "mme_high_second_review")
    [case] = await play.every("care_plan.mdt_case_requested")
    assert (case.fact["reason"], case.fact["priority"]) == ("new_programme", "routine")


async def test_a_dose_that_falls_to_sixty_without_a_plan_is_told(make: Make) -> None:
    play = await make(COMPLETED, WITHOUT_REVIEW)
    patient = (await play.last("referral.patient_registered")).subject
    await play.post(
        "care_plan",
        f"/patients/{patient}/opioid-exposure",
        "paul.okafor",
        mme_per_day="60",
        has_buprenorphine=False,
    )
    [step] = await play.every("care_plan.taper_step_recorded")
    assert (step.fact["mme"], step.fact["as_planned"]) == ("60.0", False)
    [raised] = await alerts(play, "taper_too_fast")
    assert (raised.fact["severity"], raised.fact["rule"]) == ("urgent", "OPI-03")
    assert [item for item in await play.clinic.queues() if "SAFETY_ALERT" in item]
