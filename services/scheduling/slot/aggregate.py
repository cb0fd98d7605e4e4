"""The slot: one time of one clinician, or a place of a group then, sold once (SCH-03). Which slots there are follows
from the session templates; a row exists from the first time that somebody wants one."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from backbone.ids import ROOT, derive
from backbone.model import (
    Aggregate,
    Column,
    Columns,
    Command,
    Decision,
    Effect,
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
    updated,
)
from schemas.scheduling.v1.slot import FreedSlotClosed, FreedSlotLeft, SlotFreed
from services.scheduling.appointment.states import Appointment, Cancelled, Dated, Known
from services.scheduling.rules import Rules
from services.scheduling.slot.commands import (
    EndHold,
    EndSearch,
    HoldSlot,
    PassSlot,
    ReleaseSlot,
    SeekNext,
    TakeSlot,
)
from services.scheduling.slot.facts import (
    AskingDelayed,
    NextSought,
    SearchEnded,
    SlotHeld,
    SlotReleased,
    SlotTaken,
)
from services.scheduling.slot.states import SEARCH, Busy, Free, Held, Search, SlotState, SlotTime

TAKEN = "slot-taken"


def unbookable(command: HoldSlot | TakeSlot, given: Given[Rules]) -> Refused | None:
    """Why nobody can have this time, if that is so."""
    if command.start <= given.at:
        return Refused("that time has passed", code="slot-passed")
    if command.start >= given.rules.horizon(given.at):
        return Refused("dates are not given that far ahead", code="slot-too-far")
    slot = given.rules.slot(command.clinician_id, command.start)
    if slot is None or command.place > given.rules.places(slot):
        return Refused("this clinician has no slot at that time: GET /slots shows them", code="no-such-slot")
    return None


def too_soon(command: HoldSlot, given: Given[Rules]) -> Refused | None:
    """Nobody is left time to answer, and somebody else to come."""
    if command.until > given.at:
        return None
    return Refused("slots: one begins too soon to be held: agree on it and book it", code="too-soon-to-hold")


def taken() -> Refused:
    return Refused("somebody else has this time now", instead=("another slot",), code=TAKEN)


def hold(state: SlotState, command: HoldSlot, given: Given[Rules]) -> Decision:
    if isinstance(state, Free):
        return unbookable(command, given) or too_soon(command, given) or [like(SlotHeld, command)]
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
    return [like(SlotReleased, state), *to_be_filled(state, appointment, given), *asked_on(state, given)]


def to_be_filled(state: Held | Busy, appointment: Appointment, given: Given[Rules]) -> Iterable[Step]:
    """ATT-09: what was booked, and still lies ahead. Not where the clinician is not there to see anybody."""
    rule, auto = given.rules.scheduling.freed, given.rules.scheduling.auto_offer
    if isinstance(state, Held) or state.start <= given.at or not isinstance(appointment, Known):
        return
    if why_not(appointment) in rule.values.nobody_sees:
        return
    freed = like(
        SlotFreed,
        state,
        slot_id=given.target,
        slot_version=given.version,
        discipline=appointment.matter.discipline,
        purpose=appointment.matter.purpose,
        soon=not auto.values.on and is_soon(state.start, given),
    )
    yield Ruled(freed, (rule, auto))
    yield from next_asked(like(Free, state, **wanted_for(freed)), given)


def why_not(appointment: Known) -> str | None:
    """Why it does not take place at that time."""
    if isinstance(appointment, Cancelled):
        return appointment.reason
    return appointment.date.moved_because if isinstance(appointment, Dated) else None


def wanted_for(freed: SlotFreed) -> dict[str, Any]:
    return {"purpose": freed.purpose, "discipline": freed.discipline}


def is_soon(start: datetime, given: Given[Rules]) -> bool:
    return given.rules.notice_days(given.at, start) <= given.rules.scheduling.freed.values.fill_within_days


def asked_on(state: Held | Busy, given: Given[Rules]) -> Iterable[Step]:
    """Whoever was asked did not want the freed time, or said nothing: the next one is."""
    return next_asked(like(Free, state), given) if isinstance(state, Held) and state.to_fill else ()


def next_asked(state: Free, given: Given[Rules]) -> Iterable[Step]:
    """By day, and as long as whoever is asked has the whole hold to answer."""
    rules = given.rules.scheduling
    if not rules.auto_offer.values.on or state.start is None:
        return
    at = given.rules.asked_from(given.at)
    if at + rules.freed.values.hold(state.start - at) > state.start:
        yield from left_to_people(state, given)
    elif at > given.at:
        yield AskingDelayed(until=at)
    else:
        yield NextSought(search_id=given.ref("search"))


def left_to_people(state: Free, given: Given[Rules]) -> Iterable[Step]:
    """Nobody can be asked any more: somebody has to think of something. What has passed is over."""
    if state.start and state.start > given.at and state.purpose and state.discipline:
        left = like(FreedSlotLeft, state, slot_id=given.target, soon=is_soon(state.start, given))
        yield Ruled(left, (given.rules.scheduling.freed,))


def seek_next(state: Free, command: SeekNext, given: Given[Rules]) -> Decision:
    is_due = state.to_fill and state.ask_at is not None and state.ask_at <= given.at
    return [*next_asked(state, given)] if is_due else ()


def end_search(state: Free | Held, command: EndSearch, given: Given[Rules]) -> Decision:
    if state.search != command.search_id:
        return ()
    ended = SearchEnded(search_id=command.search_id)
    if command.found or isinstance(state, Held):
        return [ended]
    return [ended, *left_to_people(state, given)]


def end_hold(state: SlotState, command: EndHold, given: Given[Rules]) -> Decision:
    if not isinstance(state, Held) or state.until != command.until:
        return ()
    return [SlotReleased(), *asked_on(state, given)]


def pass_by(state: Free | Held, command: PassSlot, given: Given[Rules]) -> Decision:
    is_over = state.to_fill and state.start is not None and state.start <= given.at
    return [FreedSlotClosed(slot_id=given.target, outcome="passed")] if is_over else ()


def held(state: Free, fact: SlotHeld, head: Head) -> Held:
    offered = like(Held, state, ask_at=None, appointment_id=fact.appointment_id, until=fact.until)
    return updated(offered, fact)


def busy(state: Free | Held, fact: SlotTaken, head: Head) -> Busy:
    return like(Busy, fact)


def free(state: Busy, fact: SlotReleased, head: Head) -> Free:
    """Who gave it back is not asked for it."""
    return like(Free, state, asked=(state.appointment_id,))


def not_wanted(state: Held, fact: SlotReleased, head: Head) -> Free:
    asked = (*state.asked, state.appointment_id) if state.to_fill else ()
    return like(Free, state, asked=asked, search=None, ask_at=None)


def freed(state: Free, fact: SlotFreed, head: Head) -> Free:
    return replace(state, to_fill=True, **wanted_for(fact))


def filled(state: Free | Held, fact: FreedSlotClosed, head: Head) -> Free | Held:
    return replace(state, to_fill=False, asked=(), search=None, ask_at=None)


def sought(state: Free, fact: NextSought, head: Head) -> Free:
    return replace(state, search=fact.search_id, ask_at=None)


def delayed(state: Free, fact: AskingDelayed, head: Head) -> Free:
    return replace(state, ask_at=fact.until)


def search_ended(state: Free | Held, fact: SearchEnded, head: Head) -> Free | Held:
    return replace(state, search=None)


def left(state: Free, fact: FreedSlotLeft, head: Head) -> Free:
    return replace(state, ask_at=None)


def needs(state: SlotState, command: Command) -> Iterable[tuple[str, str]]:
    """The appointment, as it stands."""
    if isinstance(command, ReleaseSlot):
        yield "appointment", command.appointment_id


def timers(state: SlotState, rules: Rules) -> Mapping[str, Timer]:
    due = {"hold": Timer(state.until, EndHold(until=state.until))} if isinstance(state, Held) else {}
    if not isinstance(state, Busy) and state.to_fill and state.start:
        due["passed"] = Timer(state.start, PassSlot())
    if isinstance(state, Free) and state.ask_at:
        due["ask"] = Timer(state.ask_at, SeekNext())
    return due


def effects(state: SlotState) -> Mapping[str, Effect]:
    if isinstance(state, Busy) or state.search is None:
        return {}
    return {state.search: Effect(SEARCH, body=msgspec.json.encode(Search(state.search)))}


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
    decide=Table(
        *(hold, take, release, end_hold, pass_by, seek_next, end_search),
        ignores(PassSlot, EndSearch, when=(Busy,)),
        ignores(SeekNext, when=(Held, Busy)),
    ),
    evolve=Table(held, busy, free, not_wanted, freed, filled, sought, delayed, search_ended, left),
    timers=timers,
    effects=effects,
    needs=needs,
    columns=Slots,
    has_pathway=False,
    has_lane=False,
)


def slot_at(time: SlotTime) -> One:
    """The slot of this clinician at this time; of a group, that of the place."""
    name = f"slot:{time.clinician_id}:{time.start.astimezone(UTC).isoformat()}"
    return one(derive(ROOT, f"{name}:{time.place}" if time.place > 1 else name))
