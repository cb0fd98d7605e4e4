"""Journey 2: cervical medial branch blocks and ablation on warfarin, with a moved date. One script for every kind of
clinic.

Otherwise than in its table, by the rules:

- What keeps a date from being booked is said each time that something is added to it: `booking_blocked` twice where the
  plan is asked for, and again where a gate opens anew.
- When a procedure is done its gates are closed (`gate_closed`), so that nobody's work about them stays.
- A review twelve weeks after the start of the plan asks for all instruments, not for PEG alone; so does the one after
  all activities are finished.
- The exercise visit that moves gives its time back (`slot_freed`, and who waits for it is looked for). The time at
  which the proceduralist is ill is nobody's.
- The coordinator does not claim BOOK_VISIT to hold a date: a claim without activity ends after an hour.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.support.configuring import change, copied
from tests.support.journeys.ablation import HOME, REVIEWS
from tests.support.journeys.ablation import ORDER as ABLATION
from tests.support.journeys.blocks import FIRST_BLOCK, MOVED, SECOND_BLOCK
from tests.support.journeys.journey_1 import check_promptness, in_a_week, pathway_wait, pushed_to_patient
from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.port import Clinic
from tests.support.journeys.referral_to_block import CONSULTATION, INTAKE, ORDER
from tests.support.submissions import PRACTICE

START = "2027-03-01 08:00"
OPENED = {
    "REF_TRIAGE": 1,
    "BOOK_VISIT": 7,
    "VISIT_READY": 5,
    "PLAN_DRAFT": 1,
    "LETTER_SIGN": 1,
    "ANT_PLAN": 3,
    "AUTH_OBTAIN": 2,
    "CONSENT_OBTAIN": 1,
    "ACT_ACCEPT": 1,
    "PROC_CHECKLIST": 3,
    "POST_PROC_CALL_1": 3,
    "POST_PROC_CALL_2": 3,
    "PROC_OUTCOME": 3,
    "HOLD_CALL": 1,
    "DAY_GATE": 1,
    "CONFLICT": 1,
    "PLAN_REVIEW": 2,
    "PIFU_EXPIRY": 1,
}
SAFETY = ("HOLD_PLAN_READY", "HOLD_PLAN_CANCELLED")


def clinic_folder(to: Path) -> Path:
    """Of a clinic whose proceduralist works at 10:00."""
    sessions = copied(to) / "sessions.toml"
    room = 'room = "consulting-2"\npurposes = ["initial_consultation", "procedure"]\n'
    days = 'weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"]\n'
    change(sessions, f'{room}{days}starts = ["09:00", "10:30"]', f'{room}{days}starts = ["10:00"]')
    return to


def lines() -> Iterable[Line]:
    """The whole table."""
    yield from (*INTAKE, *CONSULTATION, *ORDER, *FIRST_BLOCK, *SECOND_BLOCK, *MOVED)
    yield from (*ABLATION, *REVIEWS, *HOME)


async def play_journey_2(clinic: Clinic) -> Play:
    """Raises AssertionError with everything that did not come out as written."""
    clinic.known_as("pcp", "referrer", PRACTICE)
    play = Play(clinic)
    await play.play(lines())
    await check_the_end(play)
    check_messages(play)
    return play


async def check_the_end(play: Play) -> None:
    """What stands under the table."""
    referral = (await play.last("referral.received")).subject
    seen = await play.clinic.ask("GET", "referral", f"/referrals/{referral}", "cora.lind")
    assert seen["status"] == "completed"
    assert await play.clinic.queues() == []
    opened = [told for told in play.told if told.name == "item_opened"]
    assert Counter(told.fact["item_type"] for told in opened) == OPENED
    assert len(opened) == 40
    assert [told.fact["item_type"] for told in play.told if told.name == "item_reopened"] == ["ANT_PLAN"]
    assert not await play.every("care_plan.override_requested")
    assert not await play.every("scheduling.gate_check_failed")
    assert not await play.every("worklist.episode_unowned")
    check_promptness(play.told)
    assert pathway_wait(play.told).days == 28


def check_messages(play: Play) -> None:
    """34 to the patient under the cap, 5 about safety, 11 cancelled."""
    safety = sum(told.name == "message_sent" and told.fact["template"] in SAFETY for told in play.told)
    assert safety == 5
    assert len(pushed_to_patient(play)) == 34 + safety
    assert sum(told.name == "message_cancelled" for told in play.told) == 11
    days = pushed_to_patient(play)
    assert max(in_a_week(days, day) for day in days) <= 5
