"""The joint day: several disciplines on one date for one patient, all or none."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    Refused,
    State,
    Table,
    Timer,
    by,
    ignores,
    like,
)
from config.sessions import Slot
from schemas.codes import Discipline
from schemas.scheduling.v1 import joint_day as told
from schemas.scheduling.v1.codes import ContactMode
from schemas.scheduling.v1.joint_day import JointDayBooked, JointDayBroken, JointDayProposed
from services.scheduling.joint_day.facts import JointDayReleased
from services.scheduling.roles import ANYBODY_INVOLVED, COORDINATOR, COORDINATOR_OR_PATIENT
from services.scheduling.rules import Rules


class Leg(msgspec.Struct, frozen=True):
    """One discipline's part of the day: which appointment, with whom, when."""

    discipline: Discipline
    appointment_id: str
    clinician_id: str
    start: datetime


class NoDay(State, tag="none", frozen=True, kw_only=True):
    pass


class ProposedDay(State, tag="proposed", frozen=True, kw_only=True):
    on: date
    legs: tuple[Leg, ...]
    hold_until: datetime


class BookedDay(State, tag="booked", frozen=True, kw_only=True):
    on: date
    legs: tuple[Leg, ...]


class BrokenDay(State, tag="broken", frozen=True, kw_only=True):
    on: date
    legs: tuple[Leg, ...]
    lost: tuple[Discipline, ...]


class ReleasedDay(State, tag="released", frozen=True, kw_only=True):
    on: date


JointDay = NoDay | ProposedDay | BookedDay | BrokenDay | ReleasedDay


class ProposeDay(Command, tag="propose_day", kw_only=True, frozen=True):
    legs: tuple[Leg, ...]
    mode: ContactMode
    hold_until: datetime


class AcceptDay(Command, tag="accept_day", kw_only=True, frozen=True):
    pass


class DeclineDay(Command, tag="decline_day", kw_only=True, frozen=True):
    pass


class ExpireDay(Command, tag="expire_day", kw_only=True, frozen=True):
    """Timer."""


class LoseLeg(Command, tag="lose_leg", kw_only=True, frozen=True):
    appointment_id: str


def unfit(legs: Sequence[Leg], rules: Rules) -> Refused | None:
    """Why these visits don't make one day."""
    slots: list[Slot] = []
    for leg in sorted(legs, key=lambda each: each.start):
        slot = rules.slot(leg.clinician_id, leg.start)
        if slot is None:
            return Refused(f"{leg.discipline} has no slot at that time", code="no-such-slot")
        slots.append(slot)
    gaps = [later.start - earlier.end for earlier, later in pairwise(slots)]
    allowed = timedelta(minutes=rules.scheduling.joint_days.values.max_gap_minutes)
    if len(slots) < 2 or len({rules.calendar.day(slot.start) for slot in slots}) != 1:
        return Refused("a joint day is two or more visits on one date", code="not-one-day")
    if min(gaps) < timedelta(0):
        return Refused("two of the visits overlap", code="legs-overlap")
    if max(gaps) > allowed:
        return Refused(f"more than {allowed} between two visits", code="gap-too-long")
    return None


@by(COORDINATOR)
def propose(state: NoDay, command: ProposeDay, given: Given[Rules]) -> Decision:
    if refusal := unfit(command.legs, given.rules):
        return refusal
    on = given.rules.calendar.day(command.legs[0].start)
    return [like(JointDayProposed, command, joint_day_id=given.target, on=on, legs=as_told(command.legs))]


def as_told(legs: Sequence[Leg]) -> tuple[told.Leg, ...]:
    """With whom it is stands in the appointments."""
    return tuple(like(told.Leg, leg) for leg in legs)


@by(COORDINATOR_OR_PATIENT)
def accept(state: ProposedDay, command: AcceptDay, given: Given[Rules]) -> Decision:
    return [
        JointDayBooked(
            joint_day_id=given.target,
            on=state.on,
            first_start=min(leg.start for leg in state.legs),
            legs=as_told(state.legs),
        )
    ]


@by(COORDINATOR_OR_PATIENT)
def decline(state: ProposedDay, command: DeclineDay, given: Given[Rules]) -> Decision:
    return [JointDayReleased(reason="declined")]


def expire(state: ProposedDay, command: ExpireDay, given: Given[Rules]) -> Decision:
    return [JointDayReleased(reason="expired")]


@by(ANYBODY_INVOLVED)
def lose(state: BookedDay | BrokenDay, command: LoseLeg, given: Given[Rules]) -> Decision:
    known = state.lost if isinstance(state, BrokenDay) else ()
    lost = tuple(leg.discipline for leg in state.legs if leg.appointment_id == command.appointment_id)
    if not lost or set(lost) <= set(known):
        return ()
    return [JointDayBroken(joint_day_id=given.target, lost=(*known, *lost))]


def proposed(state: NoDay, fact: JointDayProposed, head: Head) -> ProposedDay:
    legs = tuple(like(Leg, leg, clinician_id="") for leg in fact.legs)
    return like(ProposedDay, fact, legs=legs)


def booked(state: ProposedDay, fact: JointDayBooked, head: Head) -> BookedDay:
    return like(BookedDay, state)


def broken(state: BookedDay | BrokenDay, fact: JointDayBroken, head: Head) -> BrokenDay:
    return like(BrokenDay, state, lost=fact.lost)


def released(state: ProposedDay, fact: JointDayReleased, head: Head) -> ReleasedDay:
    return like(ReleasedDay, state)


def timers(state: JointDay, rules: Rules) -> Mapping[str, Timer]:
    return {"hold": Timer(state.hold_until, ExpireDay())} if isinstance(state, ProposedDay) else {}


JOINT_DAY = Aggregate[JointDay](
    "joint_day",
    NoDay(),
    decide=Table(
        *(propose, accept, decline, expire, lose),
        ignores(AcceptDay, when=(BookedDay,), whom=COORDINATOR_OR_PATIENT),
        ignores(LoseLeg, when=(NoDay, ProposedDay, ReleasedDay), whom=ANYBODY_INVOLVED),
    ),
    evolve=Table(proposed, booked, broken, released),
    timers=timers,
)
