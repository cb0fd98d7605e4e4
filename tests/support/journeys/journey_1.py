"""Journey 1: from the referral to discharge through an MDT programme. One script for every kind of clinic."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from tests.support.journeys.assessments import ASSESSMENTS
from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.journeys.port import Clinic
from tests.support.journeys.programme import PLAN
from tests.support.journeys.referral_to_letter import FIRST_DATE, FIRST_VISIT, INTAKE
from tests.support.journeys.reviews_to_discharge import DISCHARGE, FIRST_REVIEW, LAST_REVIEW, SECOND_REVIEW
from tests.support.journeys.sessions import DIGESTS, sessions
from tests.support.submissions import PRACTICE
from tests.support.told import CLINIC, Told

START = "2027-01-04 08:30"
OPENED = {
    "REF_COMPLETE": 1,
    "REF_INFO_WAIT": 1,
    "REF_TRIAGE": 1,
    "BOOK_VISIT": 11,
    "PSY_SUGGEST": 1,
    "VISIT_READY": 33,
    "PLAN_DRAFT": 1,
    "LETTER_SIGN": 1,
    "MDT_LIST": 1,
    "MDT_PREP": 5,
    "MDT_ACTION": 2,
    "ACT_ACCEPT": 4,
    "PLAN_REVIEW": 3,
    "ACT_REVIEW": 1,
    "DISCHARGE_CHECK": 1,
}
NEVER = {
    "referral.wait_breach_forecast",
    "referral.wait_breached",
    "care_plan.safety_alert_raised",
    "notifications.escalation_raised",
    "worklist.item_escalated",
    "worklist.episode_unowned",
}
WITHIN = timedelta(seconds=5)


def lines() -> Iterable[Line]:
    """The whole table."""
    yield from (*INTAKE, *FIRST_DATE, *FIRST_VISIT, *PLAN, *ASSESSMENTS)
    yield from (*sessions(), *DIGESTS)
    yield from (*FIRST_REVIEW, *SECOND_REVIEW, *LAST_REVIEW, *DISCHARGE)


async def play_journey_1(clinic: Clinic, table: Iterable[Line] | None = None) -> Play:
    """The table, or its lines with other hands. Raises AssertionError with everything that did not come out as
    written."""
    clinic.known_as("pcp", "referrer", PRACTICE)
    play = Play(clinic)
    await play.play(table or lines())
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
    assert len(opened) == 67
    assert not NEVER & {f"{told.service}.{told.name}" for told in play.told}
    check_promptness(play.told)
    assert pathway_wait(play.told) == timedelta(days=43)


def check_promptness(told: list[Told]) -> None:
    """Each item follows its fact within 5 seconds."""
    at = {each.id: each.at for each in told}
    for each in told:
        cause = each.fact.get("opened_by_event") or each.fact.get("closed_by_event")
        if cause:
            assert timedelta(0) <= each.at - at[cause] <= WITHIN, each


def check_messages(play: Play) -> None:
    """39 pushed messages to the patient, 1 suppressed; at most 1 a day and 3 in any 7 days; all delivered."""
    days = pushed_to_patient(play)
    assert len(days) == 39
    assert sum(told.name == "message_suppressed" for told in play.told) == 1
    assert len(set(days)) == len(days)
    assert max(in_a_week(days, day) for day in days) == 3


def pushed_to_patient(play: Play) -> list[date]:
    """The days on which messages went to the patient. Whatever was sent to anybody has arrived."""
    audiences = {
        told.fact["message_id"]: told.fact["audience"]
        for told in play.told
        if told.name == "message_scheduled"
    }
    sent = [told for told in play.told if told.name == "message_sent"]
    delivered = {told.fact["message_id"] for told in play.told if told.name == "message_delivered"}
    assert {told.fact["message_id"] for told in sent} == delivered
    return [
        told.at.astimezone(CLINIC).date()
        for told in sent
        if audiences[told.fact["message_id"]] == "pt" and told.fact["channel"] != "portal"
    ]


def in_a_week(days: list[date], first: date) -> int:
    return sum(first <= day < first + timedelta(days=7) for day in days)


def pathway_wait(told: list[Told]) -> timedelta:
    """From the start of the clock to the first visit, in whole days; nothing was deducted."""
    received = next(each for each in told if each.name == "received")
    visit = next(each for each in told if each.name == "patient_attended")
    assert not [each for each in told if each.name == "unavailability_recorded"]
    start = received.at.astimezone(CLINIC).date()
    return visit.at.astimezone(CLINIC).date() - start
