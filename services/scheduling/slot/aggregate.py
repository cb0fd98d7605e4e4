"""The slot: one time of one clinician, sold once (SCH-03). Which slots there are follows from the session templates;
a row exists from the first time that somebody wants one."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

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
    Ruled,
    Step,
    Table,
    Timer,
    field,
    ignores,
    like,
    one,
)
from schemas.scheduling.v1.slot import FreedSlotClosed, SlotFreed
from services.scheduling.appointment.states import Appointment, Cancelled, Known
from services.scheduling.rules import Rules
from services.scheduling.slot.facts import SlotHeld, SlotReleased, SlotTaken
from services.scheduling.slot.states import Busy, Free, Held, SlotState, SlotTime


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


class PassSlot(Command, tag="pass_slot", kw_only=True, frozen=True):
    """Timer: the freed time has come, and nobody took it."""


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
    filled = [FreedSlotClosed(slot_id=given.target, outcome="booked")] if state.to_fill else []
    return unbookable(command, given) or [*filled, like(SlotTaken, command)]


def release(state: SlotState, command: ReleaseSlot, given: Given[Rules]) -> Decision:
    if isinstance(state, Free) or state.appointment_id != command.appointment_id:
        return ()
    appointment: Appointment = given.others["appointment", command.appointment_id]
    if like(SlotTime, state) in appointment.dates:
        return ()
    return [SlotReleased(), *to_be_filled(state, appointment, given)]


def to_be_filled(state: Held | Busy, appointment: Appointment, given: Given[Rules]) -> Iterable[Step]:
    """ATT-09: what was booked, and still lies ahead. Not where the clinician is not there to see anybody."""
    rule = given.rules.scheduling.freed
    if isinstance(state, Held) or state.start <= given.at or not isinstance(appointment, Known):
        return
    if isinstance(appointment, Cancelled) and appointment.reason in rule.values.nobody_sees:
        return
    freed = like(
        SlotFreed,
        state,
        slot_id=given.target,
        slot_version=given.version,
        discipline=appointment.matter.discipline,
        purpose=appointment.matter.purpose,
        soon=given.rules.notice_days(given.at, state.start) <= rule.values.fill_within_days,
    )
    yield Ruled(freed, (rule,))


def end_hold(state: SlotState, command: EndHold, given: Given[Rules]) -> Decision:
    return [SlotReleased()] if isinstance(state, Held) and state.until == command.until else ()


def pass_by(state: Free | Held, command: PassSlot, given: Given[Rules]) -> Decision:
    is_over = state.to_fill and state.start is not None and state.start <= given.at
    return [FreedSlotClosed(slot_id=given.target, outcome="passed")] if is_over else ()


def held(state: Free, fact: SlotHeld, head: Head) -> Held:
    return like(Held, fact, to_fill=state.to_fill, asked=state.asked)


def busy(state: Free | Held, fact: SlotTaken, head: Head) -> Busy:
    return like(Busy, fact)


def free(state: Busy, fact: SlotReleased, head: Head) -> Free:
    """Who gave it back is not asked for it."""
    return like(Free, state, asked=(state.appointment_id,))


def not_wanted(state: Held, fact: SlotReleased, head: Head) -> Free:
    return like(Free, state, asked=(*state.asked, state.appointment_id) if state.to_fill else ())


def freed(state: Free, fact: SlotFreed, head: Head) -> Free:
    return replace(state, to_fill=True)


def filled(state: Free | Held, fact: FreedSlotClosed, head: Head) -> Free | Held:
    return replace(state, to_fill=False, asked=())


def needs(state: SlotState, command: Command) -> Iterable[tuple[str, str]]:
    """The appointment, as it stands."""
    if isinstance(command, ReleaseSlot):
        yield "appointment", command.appointment_id


def timers(state: SlotState, rules: Rules) -> Mapping[str, Timer]:
    due = {"hold": Timer(state.until, EndHold(until=state.until))} if isinstance(state, Held) else {}
    if not isinstance(state, Busy) and state.to_fill and state.start:
        due["passed"] = Timer(state.start, PassSlot())
    return due


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
    decide=Table(hold, take, release, end_hold, pass_by, ignores(PassSlot, when=(Busy,))),
    evolve=Table(held, busy, free, not_wanted, freed, filled),
    timers=timers,
    needs=needs,
    columns=Slots,
    has_pathway=False,
    has_lane=False,
)


def slot_at(time: SlotTime) -> One:
    """The slot of this clinician at this time."""
    return one(derive(ROOT, f"slot:{time.clinician_id}:{time.start.astimezone(UTC).isoformat()}"))
