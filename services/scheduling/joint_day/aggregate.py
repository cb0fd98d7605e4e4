"""The joint day: several disciplines on one date for one patient, all or none."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec
from msgspec.structs import replace

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
from services.scheduling.joint_day.facts import JointDayReleased, LegLost, LegMoved, LegReplaced
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
    gone: tuple[str, ...] = ()


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
    """Its appointment is off."""

    appointment_id: str


class MoveLeg(Command, tag="move_leg", kw_only=True, frozen=True):
    """Its appointment has another time."""

    appointment_id: str
    start: datetime


class ReplaceLeg(Command, tag="replace_leg", kw_only=True, frozen=True):
    """Another appointment on the same day, in the place of one that is off."""

    leg: Leg


class KeepRest(Command, tag="keep_rest", kw_only=True, frozen=True):
    """The day takes place with the legs that are left."""


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
    return [booked_with(state.legs, state.on, given)]


@by(COORDINATOR_OR_PATIENT)
def decline(state: ProposedDay, command: DeclineDay, given: Given[Rules]) -> Decision:
    return [JointDayReleased(reason="declined")]


def expire(state: ProposedDay, command: ExpireDay, given: Given[Rules]) -> Decision:
    return [JointDayReleased(reason="expired")]


def gone(state: BookedDay | BrokenDay) -> tuple[str, ...]:
    return state.gone if isinstance(state, BrokenDay) else ()


def left(legs: Sequence[Leg], off: Sequence[str]) -> tuple[Leg, ...]:
    """Legs that take place, on whatever day."""
    return tuple(leg for leg in legs if leg.appointment_id not in off)


def on_day(legs: Sequence[Leg], day: date, rules: Rules) -> tuple[Leg, ...]:
    return tuple(leg for leg in legs if rules.calendar.day(leg.start) == day)


@by(ANYBODY_INVOLVED)
def lose(state: BookedDay | BrokenDay, command: LoseLeg, given: Given[Rules]) -> Decision:
    """Each leg that is lost is told, also the second of one discipline."""
    if command.appointment_id not in {leg.appointment_id for leg in left(state.legs, gone(state))}:
        return ()
    off = (*gone(state), command.appointment_id)
    return [like(LegLost, command), broken_by(state, state.legs, off, given)]


def broken_by(
    state: BookedDay | BrokenDay, legs: Sequence[Leg], off: Sequence[str], given: Given[Rules]
) -> JointDayBroken:
    """What is off, and what is on another day."""
    here = on_day(left(legs, off), state.on, given.rules)
    lost = tuple(leg.discipline for leg in legs if leg not in here)
    start = min((leg.start for leg in here), default=None)
    return JointDayBroken(joint_day_id=given.target, lost=lost, left=len(here), start=start)


@by(ANYBODY_INVOLVED)
def move_leg(state: BookedDay | BrokenDay, command: MoveLeg, given: Given[Rules]) -> Decision:
    """On the day, it is only another time; to another day, the day is broken, unless all legs move there."""
    leg = next((each for each in state.legs if each.appointment_id == command.appointment_id), None)
    if leg is None or leg.start == command.start or leg.appointment_id in gone(state):
        return ()
    moved = Leg(leg.discipline, leg.appointment_id, leg.clinician_id, command.start)
    legs = tuple(moved if each is leg else each for each in state.legs)
    rest, told_so = left(legs, gone(state)), like(LegMoved, command)
    days = {given.rules.calendar.day(each.start) for each in rest}
    if len(days) > 1:
        return [told_so, broken_by(state, legs, gone(state), given)]
    [day] = days
    whole = isinstance(state, BrokenDay) and not gone(state)
    return [told_so, booked_with(rest, day, given)] if day != state.on or whole else [told_so]


def booked_with(legs: Sequence[Leg], day: date, given: Given[Rules]) -> JointDayBooked:
    first = min(leg.start for leg in legs)
    return JointDayBooked(joint_day_id=given.target, on=day, first_start=first, legs=as_told(legs))


@by(COORDINATOR)
def replace_leg(state: BrokenDay, command: ReplaceLeg, given: Given[Rules]) -> Decision:
    """The day is whole again when nothing is off any more."""
    leg = command.leg
    if given.rules.calendar.day(leg.start) != state.on:
        return Refused(f"a leg of this day is on {state.on}", code="not-one-day")
    off = [
        each for each in state.legs if each.appointment_id in state.gone and each.discipline == leg.discipline
    ]
    if not off:
        return Refused(f"no leg of {leg.discipline} is off", code="no-such-leg")
    replaced = like(LegReplaced, leg, replaces=off[0].appointment_id)
    legs = tuple(leg if each is off[0] else each for each in state.legs)
    still_off = [each for each in state.gone if each != off[0].appointment_id]
    if still_off or len(on_day(legs, state.on, given.rules)) < len(legs):
        return [replaced]
    return [replaced, booked_with(legs, state.on, given)]


@by(COORDINATOR)
def keep_rest(state: BrokenDay, command: KeepRest, given: Given[Rules]) -> Decision:
    """Fewer legs are accepted."""
    rest = on_day(left(state.legs, state.gone), state.on, given.rules)
    if not rest:
        return Refused("nothing is left of this day", code="nothing-left")
    return [booked_with(rest, state.on, given)]


def proposed(state: NoDay, fact: JointDayProposed, head: Head) -> ProposedDay:
    legs = tuple(like(Leg, leg, clinician_id="") for leg in fact.legs)
    return like(ProposedDay, fact, legs=legs)


def booked(state: ProposedDay | BookedDay | BrokenDay, fact: JointDayBooked, head: Head) -> BookedDay:
    kept = {leg.appointment_id for leg in fact.legs}
    return BookedDay(on=fact.on, legs=tuple(leg for leg in state.legs if leg.appointment_id in kept))


def leg_lost(state: BookedDay | BrokenDay, fact: LegLost, head: Head) -> BrokenDay:
    """What that makes of the day follows in the same decision."""
    lost = state.lost if isinstance(state, BrokenDay) else ()
    return like(BrokenDay, state, lost=lost, gone=(*gone(state), fact.appointment_id))


def leg_moved(state: BookedDay | BrokenDay, fact: LegMoved, head: Head) -> BookedDay | BrokenDay:
    legs = [
        Leg(leg.discipline, leg.appointment_id, leg.clinician_id, fact.start)
        if leg.appointment_id == fact.appointment_id
        else leg
        for leg in state.legs
    ]
    return replace(state, legs=tuple(legs))


def leg_replaced(state: BrokenDay, fact: LegReplaced, head: Head) -> BrokenDay:
    legs = tuple(like(Leg, fact) if leg.appointment_id == fact.replaces else leg for leg in state.legs)
    return replace(state, legs=legs, gone=tuple(each for each in state.gone if each != fact.replaces))


def broken(state: BookedDay | BrokenDay, fact: JointDayBroken, head: Head) -> BrokenDay:
    return like(BrokenDay, state, lost=fact.lost, gone=gone(state))


def released(state: ProposedDay, fact: JointDayReleased, head: Head) -> ReleasedDay:
    return like(ReleasedDay, state)


def timers(state: JointDay, rules: Rules) -> Mapping[str, Timer]:
    return {"hold": Timer(state.hold_until, ExpireDay())} if isinstance(state, ProposedDay) else {}


JOINT_DAY = Aggregate[JointDay](
    "joint_day",
    NoDay(),
    decide=Table(
        *(propose, accept, decline, expire, lose, move_leg, replace_leg, keep_rest),
        ignores(AcceptDay, when=(BookedDay,), whom=COORDINATOR_OR_PATIENT),
        ignores(LoseLeg, MoveLeg, when=(NoDay, ProposedDay, ReleasedDay), whom=ANYBODY_INVOLVED),
    ),
    evolve=Table(proposed, booked, leg_lost, leg_moved, leg_replaced, broken, released),
    timers=timers,
)
