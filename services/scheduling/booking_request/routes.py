"""HTTP routes of what has to be booked: agreed dates, and offers that the patient takes or declines. No rules."""

from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import Depends, Query
from fastapi.responses import Response

from backbone.http.access import Mine, Running, Staff, StaffOf, is_own, members
from backbone.http.calls import Calling
from backbone.http.identity import Caller, Principal
from backbone.http.problems import Problem, checked_id, not_found, unfit
from backbone.http.resources import Resource, page, reading, told
from backbone.http.routes import get, post
from backbone.ids import derive
from backbone.model import Route, Snapshot
from schemas.fact import Id, Instant
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.commands import DeclineOffer
from services.scheduling.appointment.routes import APPOINTMENTS
from services.scheduling.appointment.states import Proposed
from services.scheduling.booking_request import queries
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
)
from services.scheduling.booking_request.documents import (
    Acceptance,
    BookedAppointment,
    BookedAppointments,
    Booking,
    BookingRequestPage,
    Declining,
    FittingSlots,
    FreedSlotOffering,
    Offering,
    OfferMade,
    Status,
)
from services.scheduling.booking_request.reactions import dates
from services.scheduling.booking_request.states import BookingRequest, Open
from services.scheduling.roles import COORDINATOR
from services.scheduling.rules import Rules
from services.scheduling.slot.aggregate import SLOT
from services.scheduling.slot.queries import first_of, free_slots
from services.scheduling.slot.routes import at_places
from services.scheduling.slot.states import Free, SlotState, SlotTime

BOOKING_REQUESTS = Resource(BOOKING_REQUEST)
Request = Annotated[Snapshot[BookingRequest], StaffOf(BOOKING_REQUEST, "request_id")]
"""Staff see what has to be booked."""


def opened(request: Snapshot[BookingRequest]) -> Snapshot[Open]:
    """Raises Problem 409: only an open request gets dates."""
    if not isinstance(request.state, Open):
        raise Problem(409, "already-booked", "Everything of this request is booked already.")
    if request.state.suspended:
        raise Problem(409, "on-hold", "The plan or the activity is on hold: no dates are given.")
    return cast(Snapshot[Open], request)


async def open_request(
    request: Annotated[Snapshot[BookingRequest], Mine(BOOKING_REQUEST, "request_id")],
) -> Snapshot[Open]:
    return opened(request)


async def freed_slot(
    running: Running, slot: Annotated[Snapshot[SlotState], StaffOf(SLOT, "slot_id")]
) -> Snapshot[Free]:
    """Raises Problem 409 unless it is to be filled, and nobody is being asked."""
    state = slot.state
    if isinstance(state, Free) and state.to_fill and state.start and state.start > running.clock.now():
        return cast(Snapshot[Free], slot)
    raise Problem(409, "not-to-fill", "This time is not to be filled, or somebody is being asked.")


FreedSlot = Annotated[Snapshot[Free], Depends(freed_slot)]


async def open_offer(running: Running, caller: Caller, offer_id: str) -> Snapshot[Proposed]:
    """Raises Problem 404 when no such offer is open, or it is somebody else's."""
    for found in await running.find(APPOINTMENT, Appointments.offer_id(checked_id(offer_id))):
        if isinstance(found.state, Proposed) and is_own(caller, found.lane_key):
            return cast(Snapshot[Proposed], found)
    raise not_found("open offer")


OpenOffer = Annotated[Snapshot[Proposed], Depends(open_offer)]


async def list_booking_requests(
    running: Running,
    caller: Staff,
    status: Status | None = None,
    patient_id: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[Id | None, Query(description="`next` of the page before")] = None,
) -> Response:
    """What has to be booked."""
    whose = await running.records(patient_id) if patient_id else None
    found = await queries.page(running, status, whose, cursor, limit)
    return page("booking_requests", [BOOKING_REQUESTS.document(each, caller) for each in found], limit)


async def get_booking_request(caller: Caller, request: Request) -> Response:
    """As it stands."""
    return BOOKING_REQUESTS.seen(request, caller)


async def list_slots_for_request(
    running: Running,
    caller: Staff,
    request: Request,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """Free times that fit what has to be booked, in order of start, from the first day on which it may be. Those that
    begin together stand on one page, also where they are more than `limit`."""
    wanted = await queries.first_fitting(running, opened(request), since)
    found, following = first_of(await free_slots(running, wanted), limit)
    more = {"next": following} if following else {}
    return reading({"slots": [slot._asdict() for slot in found], **more})


async def book_appointments(
    call: Calling, request: Annotated[Snapshot[Open], Depends(open_request)], body: Booking
) -> Response:
    """Book agreed dates: as many as the request has left, or fewer (SCH-03)."""
    times, wish = [slot.time for slot in body.slots], request.state.wish
    ids = dates.next_ids(request, len(times))
    first = await queries.assessments_before(call.runtime, wish)

    async def give(places: Sequence[SlotTime]) -> Response:
        order, _ = dates.book(request, places, body.short_notice_accepted, body.remote, first)
        return await call.give(order, answer=told({"appointment_ids": ids}))

    return await at_places(call.runtime, queries.wanted_of(call.runtime, wish), times, ids, give)


async def offer_dates(call: Calling, request: Request, body: Offering) -> Response:
    """Offer dates; they are held for the patient (ATT-01), none until it begins."""
    wanted, cause, rules = opened(request), call.cause(), cast(Rules, call.runtime.rules)
    offer_id, hours = derive(cause.id, "offer"), rules.scheduling.offers.values.hold_hours
    times, wish = [slot.time for slot in body.slots], wanted.state.wish
    first = await queries.assessments_before(call.runtime, wish)

    async def give(places: Sequence[SlotTime]) -> Response:
        held = [rules.held_until(cause.at, place.start, hours) for place in places]
        order, appointment = dates.offer(wanted, places, offer_id, body.mode, held, assessments=first)
        answer = told({"offer_id": offer_id, "appointment_id": appointment})
        return await call.give(order, answer=answer, cause=cause)

    return await at_places(call.runtime, queries.wanted_of(call.runtime, wish), times, (), give)


async def offer_freed_slot(
    caller: Annotated[Principal, members(COORDINATOR)],
    call: Calling,
    slot: FreedSlot,
    body: FreedSlotOffering,
) -> Response:
    """Offer a freed time to who comes first on the waiting list; who was asked is not asked again (ATT-09)."""
    cause = call.cause()
    wanted = await anext(queries.line_for(call.runtime, slot.state, cause.at), None)
    if wanted is None:
        raise Problem(409, "nobody-fits", "Nobody else who waits can be asked for this time.")
    offer_id = derive(cause.id, "offer")
    hold = call.runtime.rules.scheduling.freed.values.hold
    first = await queries.assessments_before(call.runtime, wanted.state.wish)
    order, appointment = dates.offer_freed(wanted, slot, offer_id, body.mode, cause.at, hold, first)
    answer = told({"offer_id": offer_id, "appointment_id": appointment})
    return await call.give(order, answer=answer, cause=cause)


async def accept_offer(call: Calling, offer: OpenOffer, body: Acceptance) -> Response:
    """The patient takes one of the dates."""
    chosen = next((time for time in offer.state.choices if time.start == body.start), None)
    if chosen is None:
        raise unfit("not-offered", "That start is not one of the offered dates.", "start", "body", 422)
    answer = told({"appointment_id": offer.id}, status=200)
    first = await queries.assessments_before(call.runtime, offer.state.matter)
    return await call.give(dates.accept(offer, chosen, first), answer=answer)


async def decline_offer(call: Calling, offer: OpenOffer, body: Declining | None = None) -> Response:
    """None of the dates. Only a reasonable offer counts (ATT-01)."""
    command = DeclineOffer(offer_id=offer.state.offer_id, reason=body.reason if body else None)
    return await APPOINTMENTS.give(call, offer, command)


ROUTES: tuple[Route, ...] = (
    get("/booking-requests", list_booking_requests, BookingRequestPage, reads="visit"),
    get("/booking-requests/{request_id}", get_booking_request, BOOKING_REQUEST, reads="visit"),
    get("/booking-requests/{request_id}/slots", list_slots_for_request, FittingSlots, reads="visit"),
    post("/booking-requests/{request_id}/appointments", book_appointments, BookedAppointments, status=201),
    post("/booking-requests/{request_id}/offers", offer_dates, OfferMade, status=201),
    post("/slots/{slot_id}/offers", offer_freed_slot, OfferMade, status=201),
    post("/offers/{offer_id}/accept", accept_offer, BookedAppointment),
    post("/offers/{offer_id}/decline", decline_offer, APPOINTMENT),
)
