"""The slot: one time of one clinician, sold once (SCH-03). Which slots there are follows from the session templates;
a row exists from the first time that somebody wants one."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from backbone.ids import ROOT, derive
from backbone.model import (
    Aggregate,
    Column,
    Columns,
    Command,
    Decision,
    Given,
    Head,
    One,
    Refused,
    State,
    Table,
    Timer,
    field,
    one,
)
from services.scheduling.appointment.facts import SlotBlocked, SlotHeld, SlotReleased, SlotTaken
from services.scheduling.appointment.states import dates_of
from services.scheduling.rules import Rules


class Free(State, tag="free", frozen=True, kw_only=True):
    clinician_id: str = ""
    start: datetime | None = None


class Held(State, tag="busy-tentative", frozen=True, kw_only=True):
    clinician_id: str
    start: datetime
    appointment_id: str
    until: datetime


class Busy(State, tag="busy", frozen=True, kw_only=True):
    clinician_id: str
    start: datetime
    appointment_id: str


class Unavailable(State, tag="busy-unavailable", frozen=True, kw_only=True):
    clinician_id: str
    start: datetime
    reason: str


class HoldSlot(Command, tag="hold_slot", kw_only=True, frozen=True):
    clinician_id: str
    start: datetime
    appointment_id: str
    until: datetime


class TakeSlot(Command, tag="take_slot", kw_only=True, frozen=True):
    clinician_id: str
    start: datetime
    appointment_id: str


class ReleaseSlot(Command, tag="release_slot", kw_only=True, frozen=True):
    """Free again, unless the appointment has this date now: what asks for it may have been told late."""

    appointment_id: str


class EndHold(Command, tag="end_hold", kw_only=True, frozen=True):
    """Timer."""

    until: datetime


class BlockSlot(Command, tag="block_slot", kw_only=True, frozen=True):
    clinician_id: str
    start: datetime
    reason: str


TAKEN = "slot-taken"


def unbookable(clinician_id: str, start: datetime, given: Given[Rules]) -> Refused | None:
    """Why nobody can have this time, if that is so."""
    if given.rules.slot(clinician_id, start) is None:
        return Refused("this clinician has no slot at that time: GET /slots shows them", code="no-such-slot")
    if start <= given.at:
        return Refused("that time has passed", code="slot-passed")
    if given.rules.calendar.day(start) > given.rules.last_day(given.at):
        return Refused("dates are not given that far ahead", code="slot-too-far")
    return None


def taken() -> Refused:
    return Refused("somebody else has this time now", instead=("another slot",), code=TAKEN)


def hold(state: Free | Held, command: HoldSlot, given: Given[Rules]) -> Decision:
    if isinstance(state, Held):
        mine = state.appointment_id == command.appointment_id and state.until == command.until
        return () if mine else taken()
    return unbookable(command.clinician_id, command.start, given) or [
        SlotHeld(
            clinician_id=command.clinician_id,
            start=command.start,
            appointment_id=command.appointment_id,
            until=command.until,
        )
    ]


def take(state: Free | Held | Busy, command: TakeSlot, given: Given[Rules]) -> Decision:
    if not isinstance(state, Free) and state.appointment_id != command.appointment_id:
        return taken()
    if isinstance(state, Busy):
        return ()
    return unbookable(command.clinician_id, command.start, given) or [
        SlotTaken(
            clinician_id=command.clinician_id, start=command.start, appointment_id=command.appointment_id
        )
    ]


def too_late_to_hold(state: Busy | Unavailable, command: HoldSlot, given: Given[Rules]) -> Decision:
    return taken()


def not_ours(state: Unavailable, command: TakeSlot, given: Given[Rules]) -> Decision:
    return taken()


def release(state: Free | Held | Busy | Unavailable, command: ReleaseSlot, given: Given[Rules]) -> Decision:
    if not isinstance(state, Held | Busy) or state.appointment_id != command.appointment_id:
        return ()
    still_wanted = (state.clinician_id, state.start) in dates_of(given.others[command.appointment_id])
    return () if still_wanted else [SlotReleased()]


def end_hold(state: Free | Held | Busy | Unavailable, command: EndHold, given: Given[Rules]) -> Decision:
    return [SlotReleased()] if isinstance(state, Held) and state.until == command.until else ()


def block(state: Free | Held | Busy | Unavailable, command: BlockSlot, given: Given[Rules]) -> Decision:
    """What a patient has already stays theirs."""
    if not isinstance(state, Free):
        return ()
    return [SlotBlocked(clinician_id=command.clinician_id, start=command.start, reason=command.reason)]


def held(state: Free, fact: SlotHeld, head: Head) -> Held:
    return Held(
        clinician_id=fact.clinician_id,
        start=fact.start,
        appointment_id=fact.appointment_id,
        until=fact.until,
    )


def busy(state: Free | Held, fact: SlotTaken, head: Head) -> Busy:
    return Busy(clinician_id=fact.clinician_id, start=fact.start, appointment_id=fact.appointment_id)


def free(state: Held | Busy, fact: SlotReleased, head: Head) -> Free:
    return Free(clinician_id=state.clinician_id, start=state.start)


def blocked(state: Free, fact: SlotBlocked, head: Head) -> Unavailable:
    return Unavailable(clinician_id=fact.clinician_id, start=fact.start, reason=fact.reason)


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """The appointment, as it stands."""
    if isinstance(command, ReleaseSlot):
        yield "appointment", command.appointment_id


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    return {"hold": Timer(state.until, EndHold(until=state.until))} if isinstance(state, Held) else {}


def start_of(state: Any) -> str | None:
    return state.start.astimezone(UTC).isoformat() if state.start else None


class Slots(Columns):
    """How slots are found."""

    appointment_id = field("appointment_id")
    clinician_id = Column(lambda state: state.clinician_id or None)
    start_at = Column(start_of)


SLOT = Aggregate(
    "slot",
    Free(),
    decide=Table(hold, take, too_late_to_hold, not_ours, release, end_hold, block),
    evolve=Table(held, busy, free, blocked),
    timers=timers,
    needs=needs,
    columns=Slots,
    has_pathway=False,
    has_lane=False,
)


def slot_at(clinician_id: str, start: datetime) -> One:
    """The slot of this clinician at this time."""
    return one(derive(ROOT, f"slot:{clinician_id}:{start.astimezone(UTC).isoformat()}"))
