"""The slot: one time of one clinician, sold once (SCH-03). Which slots there are follows from the session templates;
a row exists from the first time that somebody wants one."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

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
    Table,
    Timer,
    field,
    like,
    one,
)
from services.scheduling.rules import Rules
from services.scheduling.slot.facts import SlotHeld, SlotReleased, SlotTaken
from services.scheduling.slot.states import Busy, Free, HasDates, Held, SlotState, SlotTime


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


TAKEN = "slot-taken"


def unbookable(command: HoldSlot | TakeSlot, given: Given[Rules]) -> Refused | None:
    """Why nobody can have this time, if that is so."""
    if command.start <= given.at:
        return Refused("that time has passed", code="slot-passed")
    if command.start >= given.rules.horizon(given.at):
        return Refused("dates are not given that far ahead", code="slot-too-far")
    if given.rules.slot(command.clinician_id, command.start) is None:
        return Refused("this clinician has no slot at that time: GET /slots shows them", code="no-such-slot")
    return None


def taken() -> Refused:
    return Refused("somebody else has this time now", instead=("another slot",), code=TAKEN)


def hold(state: SlotState, command: HoldSlot, given: Given[Rules]) -> Decision:
    if isinstance(state, Free):
        return unbookable(command, given) or [like(SlotHeld, command)]
    mine = isinstance(state, Held) and like(HoldSlot, state) == command
    return () if mine else taken()


def take(state: SlotState, command: TakeSlot, given: Given[Rules]) -> Decision:
    if not isinstance(state, Free) and state.appointment_id != command.appointment_id:
        return taken()
    if isinstance(state, Busy):
        return ()
    return unbookable(command, given) or [like(SlotTaken, command)]


def release(state: SlotState, command: ReleaseSlot, given: Given[Rules]) -> Decision:
    if isinstance(state, Free) or state.appointment_id != command.appointment_id:
        return ()
    appointment: HasDates = given.others["appointment", command.appointment_id]
    return () if like(SlotTime, state) in appointment.dates else [SlotReleased()]


def end_hold(state: SlotState, command: EndHold, given: Given[Rules]) -> Decision:
    return [SlotReleased()] if isinstance(state, Held) and state.until == command.until else ()


def held(state: Free, fact: SlotHeld, head: Head) -> Held:
    return like(Held, fact)


def busy(state: Free | Held, fact: SlotTaken, head: Head) -> Busy:
    return like(Busy, fact)


def free(state: Held | Busy, fact: SlotReleased, head: Head) -> Free:
    return like(Free, state)


def needs(state: SlotState, command: Command) -> Iterable[tuple[str, str]]:
    """The appointment, as it stands."""
    if isinstance(command, ReleaseSlot):
        yield "appointment", command.appointment_id


def timers(state: SlotState, rules: Rules) -> Mapping[str, Timer]:
    return {"hold": Timer(state.until, EndHold(until=state.until))} if isinstance(state, Held) else {}


def start_of(state: SlotState) -> str | None:
    return state.start.astimezone(UTC).isoformat() if state.start else None


class Slots(Columns):
    """How slots are found."""

    appointment_id = field("appointment_id")
    clinician_id = Column(lambda state: state.clinician_id or None)
    start_at = Column(start_of)


SLOT = Aggregate[SlotState](
    "slot",
    Free(),
    decide=Table(hold, take, release, end_hold),
    evolve=Table(held, busy, free),
    timers=timers,
    needs=needs,
    columns=Slots,
    has_pathway=False,
    has_lane=False,
)


def slot_at(time: SlotTime) -> One:
    """The slot of this clinician at this time."""
    return one(derive(ROOT, f"slot:{time.clinician_id}:{time.start.astimezone(UTC).isoformat()}"))
