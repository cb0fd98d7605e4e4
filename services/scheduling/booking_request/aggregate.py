"""The booking request: something has to be booked, once for each source fact."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from msgspec.structs import replace

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Column,
    Columns,
    Command,
    Decision,
    Flag,
    Given,
    Head,
    Refused,
    Step,
    Table,
    TooEarly,
    field,
    ignores,
    like,
)
from schemas.codes import GateKind, Priority
from schemas.scheduling.v1.booking import (
    BookingBlocked,
    BookingFulfilled,
    BookingRequested,
    BookingSuspended,
    BookingTakenUp,
)
from schemas.scheduling.v1.codes import Blocked
from services.scheduling.appointment.states import is_lost
from services.scheduling.booking_request.facts import (
    AppointmentPassed,
    BlocksNoted,
    PartBooked,
    Replacing,
    RequestSuspended,
    RequestTakenUp,
)
from services.scheduling.booking_request.states import BookingRequest, Done, NoRequest, Open, Wish
from services.scheduling.gate.states import Gates, gates_seen
from services.scheduling.referral_record.states import record_of
from services.scheduling.rules import Rules


class RequestBooking(Command, tag="request_booking", kw_only=True, frozen=True):
    """`once_for`: the referral in which one such visit at a time is enough."""

    wish: Wish
    once_for: str | None = None


class RequestAgain(Command, tag="request_again", kw_only=True, frozen=True):
    """The same, as urgent as ever, for an appointment that did not take place (ATT-03, ATT-04, ATT-10)."""

    appointment_id: str
    referral_id: str


class RequestMore(Command, tag="request_more", kw_only=True, frozen=True):
    """So many more of what an earlier request asked for."""

    series_id: str
    count: int


class CountBooked(Command, tag="count_booked", kw_only=True, frozen=True):
    """These appointments of the request have a date."""

    appointment_ids: tuple[str, ...]


class PassAppointment(Command, tag="pass_appointment", kw_only=True, frozen=True):
    """This appointment is off; if nobody had agreed to its date, another one takes its place."""

    appointment_id: str


class WithdrawRequest(Command, tag="withdraw_request", kw_only=True, frozen=True):
    """Nothing more is to be booked: the referral, the plan or the activity has ended."""

    reason: str


class LookAtBlocks(Command, tag="look_at_blocks", kw_only=True, frozen=True):
    """Gates of its procedure were opened, met or waived."""


HeldBy = Literal["plan", "activity", "cancellation"]


class SuspendRequest(Command, tag="suspend_request", kw_only=True, frozen=True):
    by: HeldBy
    until: date | None = None
    """The day on which it is looked at again, if one is agreed."""


class TakeUpRequest(Command, tag="take_up_request", kw_only=True, frozen=True):
    by: HeldBy


def request(state: NoRequest, command: RequestBooking, given: Given[Rules]) -> Decision:
    """One visit for one need: where another was asked for before, and has no date yet, that one stands."""
    wish = command.wish
    if command.once_for and record_of(command.once_for, given).to_be_booked:
        return ()
    asked: list[Step] = [like(BookingRequested, wish, booking_request_id=given.target)]
    return [*asked, Replacing(appointment_id=wish.replaces)] if wish.replaces else asked


def request_replacement(state: NoRequest, command: RequestAgain, given: Given[Rules]) -> Decision:
    lost = given.others.get(("appointment", command.appointment_id))
    record = record_of(command.referral_id, given)
    if not is_lost(lost) or record.is_over:
        return ()
    urgency = record.category if lost.matter.is_first_visit else None
    priority: Priority = "urgent" if lost.matter.procedure_id else given.rules.priority_of(urgency)
    wish = like(Wish, lost.matter, priority=priority, replaces=command.appointment_id)
    return request(state, RequestBooking(wish=wish), given)


def request_more(state: NoRequest, command: RequestMore, given: Given[Rules]) -> Decision:
    series = given.others.get(("booking_request", command.series_id))
    if not isinstance(series, Open | Done):
        until = "booking_request", command.series_id
        return TooEarly("what is extended was not asked for yet", until=until)
    wish = replace(series.wish, count=command.count, not_before=None, not_after=None, replaces=None)
    return request(state, RequestBooking(wish=wish), given)


def count(state: Open, command: CountBooked, given: Given[Rules]) -> Decision:
    new = tuple(each for each in dict.fromkeys(command.appointment_ids) if each not in state.booked)
    if state.suspended:
        return Refused("the plan or the activity is on hold", code="on-hold")
    if len(new) > state.left:
        return Refused(f"{state.left} of {state.wish.count} are still to be booked", code="too-many-dates")
    if len(new) == state.left:
        return [BookingFulfilled(booking_request_id=given.target, appointment_ids=(*state.booked, *new))]
    return [PartBooked(appointment_ids=new)] if new else ()


def count_again(state: Done, command: CountBooked, given: Given[Rules]) -> Decision:
    if set(command.appointment_ids) <= set(state.booked):
        return ()
    return Refused("everything of this request is booked already", code="already-booked")


def nothing_asked(state: NoRequest, command: CountBooked, given: Given[Rules]) -> Decision:
    return Refused("there is no such booking request", code="not-found")


def go_past(state: Open, command: PassAppointment, given: Given[Rules]) -> Decision:
    """What was booked is counted, and asked for again by another request."""
    known = command.appointment_id in (*state.booked, *state.passed)
    return () if known else [like(AppointmentPassed, command)]


def withdraw(state: Open, command: WithdrawRequest, given: Given[Rules]) -> Decision:
    """Over with what was booked: nothing more is wanted, and it says why."""
    return [
        BookingFulfilled(booking_request_id=given.target, appointment_ids=state.booked, reason=command.reason)
    ]


BLOCKED_BY: Mapping[GateKind, Blocked] = {
    "previous_outcome": "outcome_missing",
    "authorisation": "authorisation",
    "antithrombotic_plan": "antithrombotic_plan",
    "override": "override",
    "procedure_consent": "consent",
}


def look_at_blocks(state: Open | Done, command: LookAtBlocks, given: Given[Rules]) -> Decision:
    """PRC-04, PRC-05, ANT-01: said when something more holds it up; a date can be held meanwhile (SCH-02)."""
    gates = Gates.of(state.wish.procedure_id, given)
    kinds = tuple(each.kind for each in gates.of_scope("booking") if not each.is_met)
    if kinds == state.blocked_by:
        return ()
    if set(kinds) <= set(state.blocked_by):
        return [BlocksNoted(gate_kinds=kinds)]
    reason = next((code for kind, code in BLOCKED_BY.items() if kind in kinds), "consent")
    return [BookingBlocked(booking_request_id=given.target, reason=reason, gate_kinds=kinds)]


def suspend(state: Open, command: SuspendRequest, given: Given[Rules]) -> Decision:
    """Whoever has to book it hears of it, and until when."""
    if command.by in state.held_by:
        return ()
    until = command.until or state.until
    held = like(RequestSuspended, command)
    if state.held_by and until == state.until:
        return [held]
    return [held, BookingSuspended(booking_request_id=given.target, until=until)]


def take_up(state: Open, command: TakeUpRequest, given: Given[Rules]) -> Decision:
    before_that_was_kept = state.suspended and not state.held_by
    if not (command.by in state.held_by or before_that_was_kept):
        return ()
    freed = like(RequestTakenUp, command)
    if not set(state.held_by) - {command.by}:
        return [freed, BookingTakenUp(booking_request_id=given.target)]
    if command.by == "plan" and state.until:
        return [freed, BookingSuspended(booking_request_id=given.target)]
    return [freed]


def requested(state: NoRequest, fact: BookingRequested, head: Head) -> Open:
    return Open(wish=like(Wish, fact), referral_id=head.pathway_id, asked_at=head.occurred_at)


def replacing(state: Open, fact: Replacing, head: Head) -> Open:
    return replace(state, wish=replace(state.wish, replaces=fact.appointment_id))


def part_booked(state: Open, fact: PartBooked, head: Head) -> Open:
    return replace(state, booked=(*state.booked, *fact.appointment_ids))


def passed(state: Open, fact: AppointmentPassed, head: Head) -> Open:
    return replace(state, passed=(*state.passed, fact.appointment_id))


def fulfilled(state: Open, fact: BookingFulfilled, head: Head) -> Done:
    return like(Done, state, booked=fact.appointment_ids)


def blocked(state: Open | Done, fact: BookingBlocked | BlocksNoted, head: Head) -> Open | Done:
    return replace(state, blocked_by=fact.gate_kinds)


def suspended(state: Open, fact: RequestSuspended, head: Head) -> Open:
    return replace(state, suspended=True, held_by=(*state.held_by, fact.by))


def taken_up(state: Open, fact: RequestTakenUp, head: Head) -> Open:
    left = tuple(each for each in state.held_by if each != fact.by)
    return replace(state, suspended=bool(left), held_by=left)


def told_until(state: Open, fact: BookingSuspended, head: Head) -> Open:
    return replace(state, until=fact.until)


def told_free(state: Open, fact: BookingTakenUp, head: Head) -> Open:
    return replace(state, until=None)


def needs(state: BookingRequest, command: Command) -> Iterable[tuple[str, str]]:
    """The appointment that is to be replaced, how urgent the referral is, if it goes on; the series; the gates."""
    if isinstance(command, LookAtBlocks) and isinstance(state, Open | Done):
        yield from gates_seen(state.wish.procedure_id)
    if isinstance(command, RequestMore):
        yield "booking_request", command.series_id
    if isinstance(command, RequestBooking) and command.once_for:
        yield "referral_record", command.once_for
    if isinstance(command, RequestAgain):
        yield "appointment", command.appointment_id
        yield "referral_record", command.referral_id


class BookingRequests(Columns):
    """How booking requests are found."""

    referral_id = field("referral_id")
    activity_id = Column(lambda state: state.wish.activity_id if isinstance(state, Open | Done) else None)
    procedure_id = Column(lambda state: state.wish.procedure_id if isinstance(state, Open | Done) else None)
    purpose = Column(lambda state: state.wish.purpose if isinstance(state, Open | Done) else None)
    open = Flag(lambda state: isinstance(state, Open))


BOOKING_REQUEST = Aggregate[BookingRequest](
    "booking_request",
    NoRequest(),
    decide=Table(
        *(request, request_replacement, request_more, count, count_again, nothing_asked),
        *(go_past, withdraw, suspend, take_up, look_at_blocks),
        ignores(RequestBooking, RequestAgain, RequestMore, when=(Open, Done)),
        ignores(WithdrawRequest, PassAppointment, SuspendRequest, TakeUpRequest, when=(NoRequest, Done)),
        ignores(LookAtBlocks, when=(NoRequest,)),
    ),
    needs=needs,
    evolve=Table(
        *(requested, replacing, part_booked, passed, fulfilled, blocked),
        *(suspended, taken_up, told_until, told_free),
    ),
    columns=BookingRequests,
)


def request_of(source_id: str, what: str) -> str:
    """The booking request that this source asks for."""
    return derive(source_id, f"booking:{what}")
