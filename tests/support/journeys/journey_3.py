"""Journey 3: red flag, suicide risk, high opioid dose, did not attend. One script for every kind of clinic.

Every line of its table. Between reviews of the whole battery PEG alone is asked for (`measures.md`); with PHQ-9 here,
as both reviews are of somebody at high risk: what PHQ-9 found is looked at within the review (OUT-02).

Otherwise than in its table, by the rules:

- A claim of a safety item without activity ends after 15 minutes (`claim.idle`, 2027-02-23 and 03-09).
- A referral has one case, whose item `MDT_LIST` is opened again on 2027-05-11, not a second one opened.
- ORT-OUD is asked for, scored and looked at like any measure: three facts more on 2027-03-09, and `SUBSTANCE_CHECK`
  opened and closed; the exposure is assessed with its score, and again with the consultation.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.support.configuring import change, copied
from tests.support.journeys.flag_to_visit import ALERT, FLAG, INTAKE
from tests.support.journeys.journey_1 import check_promptness, in_a_week, pathway_wait, pushed_to_patient
from tests.support.journeys.line import Line
from tests.support.journeys.missed_visit import AGAIN, MISSED
from tests.support.journeys.opioid_checks import FROM_ACCEPTANCE, FROM_FIRST_VISIT, TAPER
from tests.support.journeys.play import Play
from tests.support.journeys.port import Clinic
from tests.support.journeys.taper_to_reviews import FIRST_REVIEW, SECOND_REVIEW
from tests.support.journeys.visit_to_reviews import FIRST_VISIT, PLAN
from tests.support.submissions import PRACTICE

START = "2027-02-01 08:00"
OPENED = {
    "RED_FLAG": 1,
    "REF_COMPLETE": 1,
    "REF_INFO_WAIT": 1,
    "REF_TRIAGE": 1,
    "BOOK_VISIT": 5,
    "SAFETY_ALERT": 3,
    "SCORE_REVIEW": 1,
    "PSY_SUGGEST": 1,
    "DNA_FOLLOWUP": 1,
    "ATT_REVIEW": 1,
    "VISIT_READY": 9,
    "PLAN_DRAFT": 1,
    "LETTER_SIGN": 1,
    "MDT_LIST": 1,
    "MDT_PREP": 4,
    "MDT_ACTION": 1,
    "ACT_ACCEPT": 2,
    "PLAN_REVIEW": 2,
    "OPI_CHECK": 11,
    "SUBSTANCE_CHECK": 1,
}
REOPENED = ["MDT_LIST"]
NEVER = {"wait_breach_forecast", "wait_breached", "target_changed", "episode_unowned"}


def clinic_folder(to: Path) -> Path:
    """Of a clinic whose physician sees patients at 10:00, and whose psychologist does at 14:00; from 90 MME on a second
    physician looks."""
    sessions = copied(to) / "sessions.toml"
    change(
        sessions, '["initial_consultation", "procedure"]', '["initial_consultation", "procedure", "review"]'
    )
    change(sessions, '["09:00", "10:30"]', '["10:00"]')
    change(sessions, '["08:30", "09:30", "10:30", "11:30", "13:30", "14:30", "15:30"]', '["14:00"]')
    change(to / "opioid.toml", 'mdt_review = "off"', "mdt_review = 90")
    return to


def lines_until_missed() -> Iterable[Line]:
    """Until 2027-02-23: everything that is about warnings and who is called."""
    yield from (*FLAG, *INTAKE, *ALERT, *MISSED, *FROM_ACCEPTANCE)


def lines() -> Iterable[Line]:
    """The whole table."""
    yield from lines_until_missed()
    yield from (*AGAIN, *FIRST_VISIT, *FROM_FIRST_VISIT, *TAPER, *PLAN, *FIRST_REVIEW, *SECOND_REVIEW)


async def play_journey_3(clinic: Clinic) -> Play:
    """Raises AssertionError with everything that did not come out as written."""
    play = await play_until_missed(clinic)
    done = {line.at for line in lines_until_missed()}
    await play.play(line for line in lines() if line.at not in done)
    await check_the_end(play)
    check_messages(play)
    return play


async def play_until_missed(clinic: Clinic) -> Play:
    """The first three weeks; nobody is left unheard."""
    clinic.known_as("pcp", "referrer", PRACTICE)
    play = Play(clinic)
    await play.play(lines_until_missed())
    check_order(play)
    check_escalations(play, 3)
    return play


def check_order(play: Play) -> None:
    """The red flag is raised before the referral is found incomplete."""
    names = [told.name for told in play.told if told.service == "referral"]
    assert names.index("red_flag_raised") < names.index("found_incomplete")


def check_escalations(play: Play, number: int) -> None:
    """All resolved; one went to level 2."""
    told = Counter(each.name for each in play.told if each.name.startswith("escalation_"))
    assert told == {
        "escalation_raised": number,
        "escalation_acknowledged": number,
        "escalation_timed_out": 1,
        "escalation_resolved": number,
    }


async def check_the_end(play: Play) -> None:
    """What stands under the table."""
    referral = (await play.last("referral.received")).subject
    seen = await play.clinic.ask("GET", "referral", f"/referrals/{referral}", "cora.lind")
    assert seen["status"] == "visit_completed"
    plan = (await play.last("care_plan.plan_drafted")).subject
    seen = await play.clinic.ask("GET", "care_plan", f"/plans/{plan}", "paul.okafor")
    assert seen["status"] == "active"
    assert await play.clinic.queues() == ["coordination MDT_LIST 05-18 17:00"]
    opened = [told for told in play.told if told.name == "item_opened"]
    assert Counter(told.fact["item_type"] for told in opened) == OPENED
    assert len(opened) == 49
    reopened = [told.fact["item_type"] for told in play.told if told.name == "item_reopened"]
    assert reopened == REOPENED
    assert not NEVER & {told.name for told in play.told}
    check_escalations(play, 4)
    check_promptness(play.told)
    assert pathway_wait(play.told).days == 36


def check_messages(play: Play) -> None:
    """27 pushed messages to the patient; at most 1 a day and 3 in any 7 days; all delivered."""
    days = pushed_to_patient(play)
    assert len(days) == 27
    assert len(set(days)) == len(days)
    assert max(in_a_week(days, day) for day in days) <= 3
