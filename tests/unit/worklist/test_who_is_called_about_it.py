"""What is heard of the people who are called about work holds for it in whatever order both come."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backbone.ids import ROOT, derive
from schemas.fact import Fact
from schemas.notifications.v1.escalation import (
    EscalationAcknowledged,
    EscalationRaised,
    EscalationResolved,
    EscalationTimedOut,
)
from services.worklist.item.states import Open
from tests.support.desk import FLAG, Desk, clinic
from tests.support.effort import explored
from tests.support.referral_facts import SOMEBODY, red_flag_raised, red_flag_resolved

CALLS = derive(ROOT, "the escalation")
IDS: dict[str, Any] = {"escalation_id": CALLS, "subject_id": FLAG}
Told = tuple[Fact, str]
"""A fact, and when it became true."""


def called(at: str, until: str) -> Told:
    fact = EscalationRaised(
        **IDS, subject_type="red_flag", severity="emergency", level=1, ack_due_at=clinic(until)
    )
    return fact, at


def silent(at: str, until: str, level: int = 1) -> Told:
    return EscalationTimedOut(**IDS, level=level, next_level=level + 1, ack_due_at=clinic(until)), at


def answered(at: str) -> Told:
    return EscalationAcknowledged(**IDS, level=1, by_id=SOMEBODY, at=clinic(at), via="page"), at


FLAGGED: Sequence[Told] = (
    (red_flag_raised(), "2027-01-04 09:00"),
    (red_flag_resolved(), "2027-01-04 11:00"),
    (red_flag_raised(), "2027-01-04 12:00"),
)
LADDER: Sequence[Told] = (
    called("2027-01-04 09:01", "2027-01-04 09:16"),
    silent("2027-01-04 09:16", "2027-01-04 09:31"),
    silent("2027-01-04 09:31", "2027-01-04 09:46", 2),
    answered("2027-01-04 09:40"),
    (EscalationResolved(**IDS), "2027-01-04 11:01"),
    called("2027-01-04 12:01", "2027-01-04 12:16"),
    silent("2027-01-04 12:16", "2027-01-04 12:31"),
)


@st.composite
def told(draw: Any) -> tuple[int, int, list[bool]]:
    """How much of both stories has come, and from which topic the next fact comes each time."""
    flags, calls = draw(st.integers(1, len(FLAGGED))), draw(st.integers(0, len(LADDER)))
    return flags, calls, draw(st.permutations([True] * flags + [False] * calls))


async def live(facts: Sequence[Told], at_once: bool) -> Desk:
    desk = Desk()
    for fact, at in facts:
        desk._produce(fact, occurred=clinic(at))
        if not at_once:
            await desk.system.settle()
    await desk.system.settle()
    return desk


def seen(desk: Desk) -> tuple[Any, ...]:
    """What the row shows of urgency."""
    state = desk.the("RED_FLAG")
    item = state.item
    return (item.level, item.priority, item.ack_due_at) if isinstance(state, Open) else (type(state),)


def in_time(flags: int, calls: int) -> list[Told]:
    return sorted([*FLAGGED[:flags], *LADDER[:calls]], key=lambda each: each[1])


@explored(60)
@given(told(), st.booleans())
def test_it_is_seen_the_same_whichever_came_first(how: tuple[int, int, list[bool]], at_once: bool) -> None:
    flags, calls, turns = how
    stories = {True: iter(FLAGGED), False: iter(LADDER)}
    shuffled = [next(stories[turn]) for turn in turns]
    expected = asyncio.run(live(in_time(flags, calls), at_once=False))
    assert seen(asyncio.run(live(shuffled, at_once))) == seen(expected)


def test_work_that_opens_late_shows_that_nobody_has_answered() -> None:
    desk = asyncio.run(live([*LADDER[:3], *FLAGGED[:1]], at_once=False))
    assert seen(desk) == (2, "stat", clinic("2027-01-04 09:46"))
    assert desk.queue("psychology")[desk.the("RED_FLAG").item.id]["level"] == 2


def test_work_that_opens_after_somebody_answered_waits_for_no_answer() -> None:
    desk = asyncio.run(live([LADDER[0], LADDER[3], FLAGGED[0]], at_once=False))
    assert seen(desk) == (0, "stat", None)


def test_work_that_opens_again_knows_nothing_of_earlier_calls() -> None:
    desk = asyncio.run(live([*FLAGGED[:2], *LADDER[:3], FLAGGED[2]], at_once=False))
    assert seen(desk)[0] == 0
