"""Journey 3 with other opioids, other settings and another course of its doses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.component.test_journey_3 import without_answers
from tests.support.configuring import change
from tests.support.journeys.journey_3 import START, clinic_folder, lines
from tests.support.journeys.play import Play
from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL
from tests.support.submissions import DIAZEPAM, OXYCODONE, PRACTICE

pytestmark = pytest.mark.wide

ACCEPTED, CONSULTATION, COMPLETED = "2027-02-03 10:00", "2027-03-09 11:00", "2027-03-09 11:05"
Make = Callable[..., Play]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A clinic on the morning of the referral; `review`: from which dose on a second review is asked for."""
    folder = clinic_folder(tmp_path)

    def made(review: str = '"off"') -> Play:
        change(folder / "opioid.toml", 'mdt_review = "off"', f"mdt_review = {review}")
        clinic = MemoryClinic(START, ALL, {}, config=folder)
        clinic.known_as("pcp", "referrer", PRACTICE)
        return Play(clinic)

    return made


async def test_buprenorphine_beside_a_benzodiazepine_asks_for_naloxone(make: Make) -> None:
    buprenorphine = OXYCODONE | {"code": "351266", "route": "sublingual"}
    play = await without_answers(make(), until=ACCEPTED, medications=[buprenorphine, DIAZEPAM])
    due = await play.every("care_plan.opioid_check_fell_due")
    assert {(each.fact["check"], each.fact["rule"]) for each in due} == {
        ("naloxone_offer", "OPI-04"),
        ("co_prescription", "OPI-05"),
    }


async def without_comparing(play: Play, until: str) -> Play:
    """The table up to the first consultation; from then on it is another course."""
    await play.play(line for line in lines() if line.at < CONSULTATION)
    for line in sorted(lines(), key=lambda line: line.at):
        if CONSULTATION <= line.at < until:
            await play.clinic.at(line.at)
            if line.does:
                await line.does(play)
    return play


async def alerts(play: Play, code: str) -> list[Any]:
    return [each for each in await play.every("care_plan.safety_alert_raised") if each.fact["code"] == code]


async def test_from_ninety_on_a_second_physician_and_the_team_look(make: Make) -> None:
    play = await without_comparing(make("90"), until=COMPLETED)
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


async def test_without_the_setting_only_the_new_programme_goes_before_the_team(make: Make) -> None:
    play = await without_comparing(make(), until=COMPLETED)
    assert not await alerts(play, "mme_high_second_review")
    [case] = await play.every("care_plan.mdt_case_requested")
    assert (case.fact["reason"], case.fact["priority"]) == ("new_programme", "routine")


async def test_a_dose_that_falls_to_sixty_without_a_plan_is_told(make: Make) -> None:
    play = await without_comparing(make(), until=COMPLETED)
    patient = (await play.last("referral.patient_registered")).subject
    await play.post("care_plan", f"/patients/{patient}/opioid-exposure", "paul.okafor", mme_per_day="60")
    [step] = await play.every("care_plan.taper_step_recorded")
    assert (step.fact["mme"], step.fact["as_planned"]) == ("60.0", False)
    [raised] = await alerts(play, "taper_too_fast")
    assert (raised.fact["severity"], raised.fact["rule"]) == ("urgent", "OPI-03")
    assert [item for item in await play.clinic.queues() if "SAFETY_ALERT" in item]


async def test_a_taper_that_is_agreed_lowers_the_dose_and_is_followed_up(make: Make) -> None:
    """120 to 108 to 96, as planned: no alert; the checks know it, and so does who is looked at more closely."""
    play = await without_comparing(make(), until="2027-03-23 10:00")
    await play.clinic.at("2027-03-23 10:00")
    patient = (await play.last("referral.patient_registered")).subject
    taper = f"/patients/{patient}/taper"
    steps = [{"on": "2027-03-23", "mme": "108"}, {"on": "2027-04-20", "mme": "96"}]
    await play.post("care_plan", f"{taper}/start", "paul.okafor", agreed=True, steps=steps)
    await play.post("care_plan", f"{taper}/steps", "rosa.vidal", mme="108")
    started = (await play.last("care_plan.taper_started")).fact
    assert (started["from_mme"], started["next_followup"]) == ("120.0", "2027-04-22")
    [due] = await play.every("care_plan.opioid_check_fell_due", check="taper_followup")
    assert (due.fact["due_on"], due.fact["rule"]) == ("2027-04-22", "OPI-03")
    assert "pharmacy OPI_CHECK 04-22 17:00" in await play.clinic.queues()
    assert (await play.last("care_plan.opioid_exposure_assessed")).fact["mme_per_day"] == "108.0"
    await play.clinic.at("2027-04-20 10:00")
    path = f"/referrals/{(await play.last('referral.received')).subject}/opioid-checks/{due.fact['check_id']}/record"
    await play.post("care_plan", path, "rosa.vidal", result="continued")
    done = await play.every("care_plan.opioid_check_recorded", check="taper_followup")
    assert [each.fact["next_due"] for each in done] == ["2027-05-20"]
    await play.post("care_plan", f"{taper}/steps", "rosa.vidal", mme="96")
    told = await play.every("care_plan.taper_step_recorded")
    assert [(each.fact["mme"], each.fact["as_planned"]) for each in told] == [("108", True), ("96", True)]
    assert (await play.last("care_plan.opioid_exposure_assessed")).fact["mme_per_day"] == "96.0"
    assert not await alerts(play, "taper_too_fast")
