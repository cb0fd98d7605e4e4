"""From a request for dates to one group of orders: slot, appointment, booking request, waiting list; all or none."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from backbone.engine.runtime import Runtime
from backbone.http.calls import load
from backbone.http.problems import Problem, not_found
from backbone.ids import derive
from backbone.model import Order, Send, Snapshot, one, together
from services.scheduling.appointment.aggregate import APPOINTMENT, appointment_id
from services.scheduling.appointment.commands import (
    BookDate,
    HoldDate,
    MoveDate,
    OfferDates,
    ReleaseHold,
)
from services.scheduling.appointment.states import Choice, Matter, Pending, Proposed
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST, CountBooked, Open
from services.scheduling.booking_request.documents import Booking, JointDay, Moving, Offering, SlotChoice
from services.scheduling.booking_request.reactions.requests import entry_of
from services.scheduling.joint_day.aggregate import JOINT_DAY, AcceptDay, DeclineDay, ProposeDay, Visit
from services.scheduling.slot.aggregate import SLOT, HoldSlot, ReleaseSlot, TakeSlot, slot_at
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY, LeaveList, NoteOffer


async def open_request(runtime: Runtime, request_id: str) -> Snapshot[Any]:
    """Raises Problem 404 or 409: only an open request gets dates."""
    snapshot = await load(runtime, BOOKING_REQUEST, request_id)
    if not isinstance(snapshot.state, Open):
        raise Problem(409, "already-booked", "Everything of this request is booked already.")
    if snapshot.state.suspended:
        raise Problem(409, "on-hold", "The plan or the activity is on hold: no dates are given.")
    return snapshot


def matter_of(request: Snapshot[Any], no: int) -> Matter:
    wish = request.state.wish
    return Matter(
        booking_request_id=request.id,
        no=no,
        of=wish.count,
        purpose=wish.purpose,
        discipline=wish.discipline,
        activity_id=wish.activity_id,
        remote=wish.remote,
        replaces=wish.replaces,
    )


def group(request: Snapshot[Any], sends: Iterable[Send]) -> Order:
    """For the patient and the referral of the request."""
    assert request.lane_key is not None
    pathway = one(request.pathway_id) if request.pathway_id else None
    return together(*sends, about=one(request.lane_key), pathway=pathway)


def off_the_list(request: Snapshot[Any]) -> Sequence[Send]:
    """Who has a date leaves the waiting list."""
    if request.state.wish.purpose != "initial_consultation":
        return ()
    return (WAITLIST_ENTRY.send(LeaveList(reason="booked"), to=one(entry_of(request.id))),)


def book(request: Snapshot[Any], body: Booking) -> tuple[Order, Sequence[str]]:
    """Agreed dates for the next appointments of the request, and their ids."""
    first = len(request.state.booked) + 1
    numbered = list(enumerate(body.slots, start=first))
    ids = [appointment_id(request.id, no) for no, _ in numbered]
    takes = [take(choice, appointment) for (_, choice), appointment in zip(numbered, ids, strict=True)]
    books = [
        APPOINTMENT.send(
            BookDate(
                matter=matter_of(request, no),
                clinician_id=choice.clinician_id,
                start=choice.start,
                short_notice_accepted=body.short_notice_accepted,
            ),
            to=one(appointment),
        )
        for (no, choice), appointment in zip(numbered, ids, strict=True)
    ]
    counted = BOOKING_REQUEST.send(CountBooked(appointment_ids=tuple(ids)), to=one(request.id))
    return group(request, [*takes, *books, counted, *off_the_list(request)]), ids


def take(choice: SlotChoice | Choice, appointment: str) -> Send:
    command = TakeSlot(clinician_id=choice.clinician_id, start=choice.start, appointment_id=appointment)
    return SLOT.send(command, to=slot_at(choice.clinician_id, choice.start))


def offer(
    request: Snapshot[Any], body: Offering, offer_id: str, now: datetime, hours: int
) -> tuple[Order, str]:
    """Dates that are held until the patient has chosen; and the appointment that is to be."""
    appointment = appointment_id(request.id, len(request.state.booked) + 1)
    until = now + timedelta(hours=hours)
    holds = [
        SLOT.send(
            HoldSlot(
                clinician_id=each.clinician_id, start=each.start, appointment_id=appointment, until=until
            ),
            to=slot_at(each.clinician_id, each.start),
        )
        for each in body.slots
    ]
    command = OfferDates(
        matter=matter_of(request, len(request.state.booked) + 1),
        offer_id=offer_id,
        choices=tuple(Choice(each.clinician_id, each.start) for each in body.slots),
        mode=body.mode,
        hold_until=until,
        short_notice_accepted=body.short_notice_accepted,
    )
    noted: Sequence[Send] = ()
    if request.state.wish.purpose == "initial_consultation":
        noted = (WAITLIST_ENTRY.send(NoteOffer(offer_id=offer_id), to=one(entry_of(request.id))),)
    return group(request, [*holds, APPOINTMENT.send(command, to=one(appointment)), *noted]), appointment


def accept(appointment: Snapshot[Any], request: Snapshot[Any], start: datetime) -> Order:
    """The patient takes one of the dates; the others are free again."""
    proposed = appointment.state
    assert isinstance(proposed, Proposed)
    chosen = next((choice for choice in proposed.choices if choice.start == start), None)
    if chosen is None:
        raise Problem(422, "not-offered", "That start is not one of the offered dates.")
    others = [
        SLOT.send(ReleaseSlot(appointment_id=appointment.id), to=slot_at(choice.clinician_id, choice.start))
        for choice in proposed.choices
        if choice is not chosen
    ]
    command = BookDate(
        matter=proposed.matter,
        clinician_id=chosen.clinician_id,
        start=chosen.start,
        offer_id=proposed.offer_id,
        short_notice_accepted=True,
    )
    counted = BOOKING_REQUEST.send(CountBooked(appointment_ids=(appointment.id,)), to=one(request.id))
    booked = APPOINTMENT.send(command, to=one(appointment.id))
    return group(request, [take(chosen, appointment.id), booked, counted, *off_the_list(request), *others])


def move(appointment: Snapshot[Any], body: Moving, expecting: int | None = None) -> Order:
    """Another date for the same appointment. Its old slot is free again when the fact is told."""
    slot = body.slot
    command = MoveDate(clinician_id=slot.clinician_id, start=slot.start, by=body.by, reason=body.reason)
    moved = APPOINTMENT.send(command, to=one(appointment.id), expecting=expecting)
    return together(take(slot, appointment.id), moved)


async def joint_day(runtime: Runtime, body: JointDay, day_id: str) -> Order:
    """Every leg, or none. Agreed at once the legs are booked without being held."""
    requests = [await open_request(runtime, leg.booking_request_id) for leg in body.legs]
    if any((each.lane_key, each.pathway_id) != (body.patient_id, body.referral_id) for each in requests):
        raise not_found("booking request of this patient and referral")
    hours = runtime.rules.scheduling.joint_days.values.hold_hours
    until = runtime.clock.now() + timedelta(hours=hours)
    visits = tuple(
        Visit(
            each.state.wish.discipline,
            appointment_id(each.id, len(each.state.booked) + 1),
            leg.slot.clinician_id,
            leg.slot.start,
        )
        for each, leg in zip(requests, body.legs, strict=True)
    )
    sends = [
        JOINT_DAY.send(ProposeDay(legs=visits, mode=body.mode, hold_until=until), to=one(day_id)),
        *([] if body.hold else [JOINT_DAY.send(AcceptDay(), to=one(day_id))]),
    ]
    for request, visit in zip(requests, visits, strict=True):
        if body.hold:
            sends += held_leg(request, visit, day_id, until)
        else:
            sends += booked_leg(request, visit, day_id, body.short_notice_accepted)
    return together(*sends, about=one(body.patient_id), pathway=one(body.referral_id))


def held_leg(request: Snapshot[Any], visit: Visit, day_id: str, until: datetime) -> Sequence[Send]:
    matter = matter_of(request, len(request.state.booked) + 1)
    hold = HoldSlot(
        clinician_id=visit.clinician_id, start=visit.start, appointment_id=visit.appointment_id, until=until
    )
    command = HoldDate(
        matter=matter,
        clinician_id=visit.clinician_id,
        start=visit.start,
        joint_day_id=day_id,
        hold_until=until,
    )
    return (
        SLOT.send(hold, to=slot_at(visit.clinician_id, visit.start)),
        APPOINTMENT.send(command, to=one(visit.appointment_id)),
    )


def booked_leg(request: Snapshot[Any], visit: Visit, day_id: str, short_notice: bool) -> Sequence[Send]:
    command = BookDate(
        matter=matter_of(request, len(request.state.booked) + 1),
        clinician_id=visit.clinician_id,
        start=visit.start,
        joint_day_id=day_id,
        short_notice_accepted=short_notice,
    )
    counted = CountBooked(appointment_ids=(visit.appointment_id,))
    return (
        take(Choice(visit.clinician_id, visit.start), visit.appointment_id),
        APPOINTMENT.send(command, to=one(visit.appointment_id)),
        BOOKING_REQUEST.send(counted, to=one(request.id)),
        *off_the_list(request),
    )


async def accept_day(runtime: Runtime, day: Snapshot[Any]) -> Order:
    """All legs become booked in one transaction."""
    sends = [JOINT_DAY.send(AcceptDay(), to=one(day.id))]
    for leg in day.state.legs:
        appointment = await load(runtime, APPOINTMENT, leg.appointment_id)
        if not isinstance(appointment.state, Pending):
            raise Problem(409, "hold-over", "A date of this day is no longer held: propose it anew.")
        request = await open_request(runtime, appointment.state.matter.booking_request_id)
        visit = Visit(
            leg.discipline, appointment.id, appointment.state.date.clinician_id, appointment.state.date.start
        )
        sends += booked_leg(request, visit, day.id, short_notice=True)
    return of_day(day, sends)


async def decline_day(runtime: Runtime, day: Snapshot[Any]) -> Order:
    """Every hold is free again."""
    sends = [JOINT_DAY.send(DeclineDay(), to=one(day.id))]
    for leg in getattr(day.state, "legs", ()):
        appointment = await load(runtime, APPOINTMENT, leg.appointment_id)
        sends.append(APPOINTMENT.send(ReleaseHold(), to=one(appointment.id)))
        if isinstance(appointment.state, Pending):
            date = appointment.state.date
            release = ReleaseSlot(appointment_id=appointment.id)
            sends.append(SLOT.send(release, to=slot_at(date.clinician_id, date.start)))
    return of_day(day, sends)


def of_day(day: Snapshot[Any], sends: Sequence[Send]) -> Order:
    assert day.lane_key is not None
    return together(*sends, about=one(day.lane_key), pathway=one(day.pathway_id) if day.pathway_id else None)


def new_id(cause_id: str, what: str) -> str:
    """The id of something that a request makes."""
    return derive(cause_id, what)
