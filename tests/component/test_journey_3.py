"""Journey 3 in memory: every line of its table that is built, and its variants.

Variants of its opioids are in `test_journey_3_opioids.py`.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.component.test_how_to_reach_somebody import NUMBER
from tests.support.hard_days import CORA, HardDay
from tests.support.journeys.courses import JOURNEY_3, Make, go_on, in_memory
from tests.support.journeys.flag_to_visit import AT_NIGHT, PACKAGE
from tests.support.journeys.journey_3 import lines, play_journey_3
from tests.support.journeys.missed_visit import did_not_attend
from tests.support.journeys.play import Play
from tests.support.journeys.referral_to_letter import refers
from tests.support.pictures import differing
from tests.support.submissions import DIAZEPAM, OXYCODONE

pytestmark = pytest.mark.wide

ANSWERED, DNA, AGAIN = "2027-02-18 21:30", "2027-02-23 10:15", "2027-02-24 09:00"
CLAIMED = "2027-02-23 10:35"
MOMENTS = ("2027-02-01 09:05", "2027-02-18 21:35", CLAIMED, "2027-03-17 12:00", "9")
"""A flag at level 2, an alert that nobody has taken up, a claim, a plan that is accepted; and the end."""


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A clinic at which the table was played until then."""
    return in_memory(JOURNEY_3, tmp_path)


async def test_every_line_of_the_journey_comes_out_as_written(make: Make) -> None:
    await play_journey_3((await make()).clinic)


@pytest.mark.parametrize("moments", [MOMENTS], ids=["all"])
async def test_all_facts_once_more_send_page_and_open_nothing_at_any_moment(
    make: Make, moments: Sequence[str]
) -> None:
    play = await make()
    for since, moment in pairwise(("", *moments)):
        await play.play(line for line in lines() if since < line.at <= moment)
        for forgetting in (False, True):
            before = await play.clinic.picture()
            await play.clinic.replay(forgetting=forgetting)
            assert differing(before, await play.clinic.picture()) == {}, f"at {moment}, emptied: {forgetting}"
            assert await play.clinic.called() == []


async def test_item_nine_alone_raises_the_alert_and_no_score(make: Make) -> None:
    play = await at_night(make)
    await answer(play, {"phq9": [None] * 8 + [1]})
    assert [each.fact["code"] for each in await play.every("care_plan.safety_alert_raised")] == [
        "suicide_risk"
    ]
    [unscored] = await play.every("care_plan.measure_not_scored", instrument="phq9")
    assert unscored.fact["reason"] == "item_missing"
    assert not await play.every("care_plan.measure_scored", instrument="phq9")
    assert await play.clinic.called() == ["paul.okafor"]


async def test_the_same_submission_twice_is_one_alert_and_one_escalation(make: Make) -> None:
    play = await at_night(make)
    first, second = [await answer(play, AT_NIGHT, key="the same") for _ in range(2)]
    assert first == second and first["crisis"]
    assert len(await play.every("care_plan.safety_alert_raised")) == 1
    assert len(await play.every("notifications.escalation_raised", subject_type="safety_alert")) == 1
    assert await play.clinic.called() == ["paul.okafor"]


async def test_a_submission_after_the_missed_visit_raises_its_alert_and_no_second_welfare_call(
    make: Make,
) -> None:
    """The dose alone calls for the welfare call."""
    play = await without_answers(make, until=AGAIN)
    assert [each.fact["code"] for each in await play.every("care_plan.safety_alert_raised")] == [
        "dna_high_risk"
    ]
    await play.clinic.at("2027-02-24 08:30")
    await answer(play, AT_NIGHT)
    assert [each.fact["code"] for each in await play.every("care_plan.safety_alert_raised")] == [
        "dna_high_risk",
        "suicide_risk",
    ]


async def test_nobody_acknowledges_then_every_quarter_of_an_hour_until_somebody_does(make: Make) -> None:
    play = await at_night(make)
    await answer(play, AT_NIGHT)
    assert await play.clinic.called() == ["paul.okafor"]
    for when, who in (
        ("21:59", []),
        ("22:00", ["mina.cho", "paul.okafor"]),
        ("22:15", ["edith.brandt"]),
        ("22:29", []),
        ("22:30", ["edith.brandt"]),
        ("22:45", ["edith.brandt"]),
        ("23:00", ["edith.brandt"]),
    ):
        exhausted = [each for each in await play.clinic.queues() if "EXHAUSTED" in each]
        await play.clinic.at(f"2027-02-18 {when}")
        assert await play.clinic.called() == who, when
        assert bool(exhausted) == (when > "22:30"), "in management after the last level has timed out"
    await play.clinic.answer_page("edith.brandt")
    assert not [each for each in await play.clinic.queues() if "EXHAUSTED" in each]


async def test_while_notifications_is_down_the_alert_is_raised_and_the_page_comes_once_afterwards(
    make: Make,
) -> None:
    play = await at_night(make)
    async with play.clinic.without("notifications"):
        assert (await answer(play, AT_NIGHT))["crisis"]
        alert = await play.last("care_plan.safety_alert_raised")
        assert alert.local == "02-18 21:30"
        await play.clinic.at("2027-02-18 21:50")
        assert await play.clinic.called() == []
    assert await play.clinic.called() == ["paul.okafor"]
    await play.clinic.at("2027-02-18 22:19")
    assert await play.clinic.called() == []
    raised = await play.last("notifications.escalation_raised")
    assert (raised.local, raised.fact["ack_due_at"]) == ("02-18 21:50", "2027-02-19T03:20:00Z")


async def test_with_both_reminders_failed_it_does_not_count_and_the_patient_is_called_all_the_same(
    make: Make,
) -> None:
    play = await make("2027-02-20")
    await play.clinic.lose_texts(NUMBER)
    await play.clinic.at("2027-02-23 09:00")
    assert [each for each in await play.clinic.queues() if "CONTACT_FAILED" in each]
    await play.clinic.at(DNA)
    await did_not_attend(play)
    missed = (await play.last("scheduling.patient_did_not_attend")).fact
    assert (missed["reminders_delivered"], missed["counts"]) == (0, False)
    assert (await play.last("care_plan.safety_alert_raised")).fact["code"] == "dna_high_risk"


@pytest.mark.parametrize(
    ("drugs", "said"),
    [
        ([{"code": "351266", "route": "sublingual"}], {"mme_per_day": "0.0", "has_buprenorphine": True}),
        (
            [{}, {"code": "4337", "dose": "100", "dose_unit": "mcg", "route": "nasal"}],
            {"mme_per_day": "120.0"},
        ),
    ],
    ids=["buprenorphine instead of oxycodone", "fentanyl nasal spray added"],
)
async def test_what_other_opioids_come_to(
    make: Make, drugs: list[dict[str, str]], said: Mapping[str, Any]
) -> None:
    play = await make()
    opioids = [OXYCODONE | each for each in drugs]
    await refers(**PACKAGE | {"medications": [*opioids, DIAZEPAM]})(play)
    found = (await play.last("care_plan.opioid_exposure_assessed")).fact
    assert found["status"] == ("complete" if "has_buprenorphine" in said else "incomplete")
    assert {name: found[name] for name in said} == said


SPRAY = OXYCODONE | {"code": "4337", "dose": "100", "dose_unit": "mcg", "route": "nasal"}


@pytest.mark.parametrize(("drugs", "alerts"), [([SPRAY], ["dna_high_risk"]), ([], [])], ids=["spray", "none"])
async def test_a_dose_that_is_not_known_calls_for_the_welfare_call_like_a_high_one(
    drugs: list[dict[str, str]], alerts: list[str]
) -> None:
    """100 mcg of fentanyl in the nose are no figure; without an alert or a red flag before."""
    day = HardDay("2027-02-01 09:00")
    await day.refers("Ana", medications=drugs)
    await day.triages("Ana")
    visit = await day.books("Ana", "2027-02-23 09:00")
    await day.at("2027-02-23 09:20")
    await day.does("scheduling", f"/appointments/{visit}/did-not-attend", CORA, reason="UNKNOWN")
    raised = [fact.fact["code"] for fact in day.facts() if fact.name == "safety_alert_raised"]
    assert raised == alerts


async def test_a_coordinator_discharges_nobody_after_a_missed_visit(make: Make) -> None:
    """A clinician looks first (ATT-04). That an open alert hinders the clinician too is not built."""
    play = await make(DNA)
    await play.clinic.at(DNA)
    await did_not_attend(play)
    case = (await play.last("scheduling.attendance_review_requested")).fact["case_id"]
    path, body = f"/attendance-cases/{case}/review", {"decision": "discharge"}
    answer = await play.clinic.request("POST", "scheduling", path, "cora.lind", json=body)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:huddle:problem:not-permitted")
    assert not await play.every("scheduling.attendance_reviewed")


async def at_night(make: Make) -> Play:
    """Until the patient is about to answer."""
    play = await make(ANSWERED)
    await play.clinic.at(ANSWERED)
    return play


async def without_answers(make: Make, until: str, **other: Any) -> Play:
    """The same days, but the patient does not answer; `other` in the referral. What follows is not compared."""
    table = [line for line in lines() if not ANSWERED <= line.at < "2027-02-20"]
    if not other:
        return await go_on(await make(ANSWERED), table, until, since=ANSWERED)
    play, first = await make(), min(line.at for line in table)
    await play.clinic.at(first)
    await refers("function", "social", **PACKAGE | other)(play)
    return await go_on(play, (line for line in table if line.at > first), until)


async def answer(play: Play, given: Mapping[str, Any], key: str = "once") -> Any:
    request = (await play.last("care_plan.measure_requested")).subject
    path, headers = f"/measure-requests/{request}/answers", {"idempotency-key": key}
    body = {"answers": given}
    return await play.clinic.ask("POST", "care_plan", path, "patient", json=body, headers=headers)
