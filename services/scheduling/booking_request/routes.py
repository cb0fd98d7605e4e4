"""The routes that change something: each builds a command, or a group of them, and gives it. No rules."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from backbone.engine.runtime import Outcome
from backbone.http.calls import Call, Calling, answer_with, load
from backbone.http.problems import Problem, checked_id, not_found
from backbone.model import Aggregate, Command, Send, Snapshot, one, together
from backbone.store.rows import Answer
from services.scheduling import booking
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.commands import (
    Arrive,
    Attend,
    CancelAppointment,
    CheckIn,
    Confirm,
    CorrectAttendance,
    DeclineOffer,
    MarkInError,
    MissAppointment,
)
from services.scheduling.appointment.states import Proposed
from services.scheduling.attendance_case.aggregate import ATTENDANCE_CASE, ReviewAttendance
from services.scheduling.booking_request.documents import (
    Acceptance,
    Booking,
    Cancelling,
    End,
    JointDay,
    Missing,
    Moving,
    NotAvailable,
    Offering,
    OptionalReason,
    Reason,
    Removal,
    Review,
)
from services.scheduling.joint_day.aggregate import JOINT_DAY, LoseLeg, ProposedDay
from services.scheduling.referral_record.aggregate import RECORD
from services.scheduling.slot import queries
from services.scheduling.slot.aggregate import TAKEN
from services.scheduling.unavailability.aggregate import (
    UNAVAILABILITY,
    EndUnavailability,
    RecordUnavailability,
)
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY, RemoveEntry


def command_routes() -> APIRouter:
    """Everything that POSTs."""
    router = APIRouter(tags=["scheduling"])
    booking_routes(router)
    offer_routes(router)
    joint_day_routes(router)
    appointment_routes(router)
    attendance_routes(router)
    other_routes(router)
    return router


def booking_routes(router: APIRouter) -> None:
    @router.post("/booking-requests/{request_id}/appointments", status_code=201)
    async def book(call: Calling, request_id: str, body: Booking) -> Response:
        """Book agreed dates: as many as the request has left, or fewer (SCH-03)."""
        request = own(call, await booking.open_request(call.runtime, checked_id(request_id)))
        order, ids = booking.book(request, body)
        response = await call.give(order, answer=told({"appointment_ids": ids}))
        return await with_alternatives(call, response, request)

    @router.post("/booking-requests/{request_id}/offers", status_code=201)
    async def offer(call: Calling, request_id: str, body: Offering) -> Response:
        """Offer dates; they are held for the patient (ATT-01)."""
        request = await booking.open_request(call.runtime, checked_id(request_id))
        cause = call.cause()
        offer_id = booking.new_id(cause.id, "offer")
        hours = call.runtime.rules.scheduling.offers.values.hold_hours
        order, appointment = booking.offer(request, body, offer_id, call.runtime.clock.now(), hours)
        ids = {"offer_id": offer_id, "appointment_id": appointment}
        response = await call.give(order, answer=told(ids), cause=cause)
        return await with_alternatives(call, response, request)


async def with_alternatives(call: Call, response: Response, request: Snapshot[Any]) -> Response:
    """Who comes second is shown what is still free."""
    body = msgspec.json.decode(response.body)
    if response.status_code != 409 or not str(body.get("type", "")).endswith(TAKEN):
        return response
    wish, now = request.state.wish, call.runtime.clock.now()
    until = now + timedelta(days=call.runtime.rules.scheduling.slots.values.horizon_days)
    free = await queries.free_slots(call.runtime, wish.discipline, wish.purpose, now, until, 5)
    shown = body | {"alternatives": [slot._asdict() for slot in free]}
    return Response(msgspec.json.encode(shown), 409, media_type=response.media_type)


def offer_routes(router: APIRouter) -> None:
    @router.post("/offers/{offer_id}/accept")
    async def accept(call: Calling, offer_id: str, body: Acceptance) -> Response:
        """The patient takes one of the dates."""
        appointment = await offered(call, offer_id)
        request = await booking.open_request(call.runtime, appointment.state.matter.booking_request_id)
        order = booking.accept(appointment, request, body.start)
        return await call.give(order, answer=told({"appointment_id": appointment.id}, status=200))

    @router.post("/offers/{offer_id}/decline")
    async def decline(call: Calling, offer_id: str, body: OptionalReason | None = None) -> Response:
        """None of the dates. Only a reasonable offer counts (ATT-01)."""
        appointment = await offered(call, offer_id)
        command = DeclineOffer(offer_id=appointment.state.offer_id, reason=body.reason if body else None)
        return await give(call, APPOINTMENT, appointment, command)


async def offered(call: Call, offer_id: str) -> Snapshot[Any]:
    """Raises Problem 404 when no such offer is open, or it is somebody else's."""
    for snapshot in await call.runtime.find(APPOINTMENT, Appointments.offer_id(checked_id(offer_id))):
        if isinstance(snapshot.state, Proposed):
            return own(call, snapshot)
    raise not_found("open offer")


def joint_day_routes(router: APIRouter) -> None:
    @router.post("/joint-days", status_code=201)
    async def propose(call: Calling, body: JointDay) -> Response:
        """Several disciplines on one date: agreed at once, or held until the patient has answered."""
        cause = call.cause()
        day_id = booking.new_id(cause.id, "joint day")
        order = await booking.joint_day(call.runtime, body, day_id)
        return await call.give(order, answer=told({"joint_day_id": day_id}), cause=cause)

    @router.post("/joint-days/{day_id}/accept")
    async def accept_day(call: Calling, day_id: str) -> Response:
        """The patient comes: every leg is booked."""
        day = own(call, await load(call.runtime, JOINT_DAY, day_id))
        if not isinstance(day.state, ProposedDay):
            raise Problem(409, "refused", "This day is not open for an answer.")
        order = await booking.accept_day(call.runtime, day)
        return await call.give(order, answer=told({"joint_day_id": day.id}, status=200))

    @router.post("/joint-days/{day_id}/decline")
    async def decline_day(call: Calling, day_id: str) -> Response:
        """The patient does not come: every hold is free again."""
        day = own(call, await load(call.runtime, JOINT_DAY, day_id))
        order = await booking.decline_day(call.runtime, day)
        return await call.give(order, answer=told({"joint_day_id": day.id}, status=200))


def appointment_routes(router: APIRouter) -> None:
    @router.post("/appointments/{appointment_id}/move")
    async def move(call: Calling, appointment_id: str, body: Moving) -> Response:
        """Another time, the same appointment (SCH-01). The old slot is free again."""
        appointment = await mine(call, appointment_id)
        order = booking.move(appointment, body, call.expecting)
        return await call.give(order, answer=changed(APPOINTMENT))

    @router.post("/appointments/{appointment_id}/cancel")
    async def cancel(call: Calling, appointment_id: str, body: Cancelling) -> Response:
        """By whom and why (SCH-07)."""
        appointment = await mine(call, appointment_id)
        command = CancelAppointment(by=body.by, reason=body.reason)
        sends = [APPOINTMENT.send(command, to=one(appointment.id), expecting=call.expecting)]
        if day_id := getattr(appointment.state, "joint_day_id", None):
            sends.append(JOINT_DAY.send(LoseLeg(appointment_id=appointment.id), to=one(day_id)))
        return await call.give(together(*sends), answer=changed(APPOINTMENT))

    @router.post("/appointments/{appointment_id}/confirm")
    async def confirm(call: Calling, appointment_id: str) -> Response:
        """The patient will come."""
        via = "portal" if call.caller.kind == "patient" else "phone"
        return await give(call, APPOINTMENT, await mine(call, appointment_id), Confirm(via=via))  # type: ignore[arg-type]

    @router.post("/appointments/{appointment_id}/mark-in-error")
    async def mark_in_error(call: Calling, appointment_id: str, body: Reason) -> Response:
        """It should never have been there."""
        appointment = await mine(call, appointment_id)
        return await give(call, APPOINTMENT, appointment, MarkInError(reason=body.reason))


def attendance_routes(router: APIRouter) -> None:
    @router.post("/appointments/{appointment_id}/arrive")
    async def arrive(call: Calling, appointment_id: str) -> Response:
        """The patient is here."""
        return await give(call, APPOINTMENT, await mine(call, appointment_id), Arrive())

    @router.post("/appointments/{appointment_id}/check-in")
    async def check_in(call: Calling, appointment_id: str) -> Response:
        """The patient is ready to be seen."""
        return await give(call, APPOINTMENT, await mine(call, appointment_id), CheckIn())

    @router.post("/appointments/{appointment_id}/attend")
    async def attend(call: Calling, appointment_id: str) -> Response:
        """The visit is done."""
        return await give(call, APPOINTMENT, await mine(call, appointment_id), Attend())

    @router.post("/appointments/{appointment_id}/did-not-attend")
    async def miss(call: Calling, appointment_id: str, body: Missing) -> Response:
        """Nobody came (SCH-05, SCH-06)."""
        command = MissAppointment(reason=body.reason, exemptions=body.exemptions)
        return await give(call, APPOINTMENT, await mine(call, appointment_id), command)

    @router.post("/appointments/{appointment_id}/correct")
    async def correct(call: Calling, appointment_id: str, body: Reason) -> Response:
        """The patient was late and seen, or the record was a mistake."""
        command = CorrectAttendance(reason=body.reason)
        return await give(call, APPOINTMENT, await mine(call, appointment_id), command)


def other_routes(router: APIRouter) -> None:
    @router.post("/patients/{patient_id}/unavailability", status_code=201)
    async def not_available(call: Calling, patient_id: str, body: NotAvailable) -> Response:
        """ATT-06: this time is deducted from the wait."""
        patient = checked_id(patient_id)
        if call.caller.kind != "user" and call.caller.id != patient:
            raise not_found("patient")
        await check_referral(call, body.referral_id, patient)
        cause = call.cause()
        period_id = booking.new_id(cause.id, "period")
        command = RecordUnavailability(kind=body.kind, start=body.start, end=body.end)
        send = UNAVAILABILITY.send(command, to=one(period_id))
        order = together(send, about=one(patient), pathway=one(body.referral_id))
        return await call.give(order, answer=told({"period_id": period_id}), cause=cause)

    @router.post("/unavailability/{period_id}/end")
    async def available_again(call: Calling, period_id: str, body: End) -> Response:
        """The end is known, or another one."""
        period = own(call, await load(call.runtime, UNAVAILABILITY, period_id))
        return await give(call, UNAVAILABILITY, period, EndUnavailability(end=body.end))

    @router.post("/attendance-cases/{case_id}/review")
    async def review(call: Calling, case_id: str, body: Review) -> Response:
        """A clinician decides what follows from a missed visit."""
        case = await load(call.runtime, ATTENDANCE_CASE, case_id)
        command = ReviewAttendance(decision=body.decision, note=body.note)
        return await give(call, ATTENDANCE_CASE, case, command)

    @router.post("/waiting-list/{entry_id}/remove")
    async def remove(call: Calling, entry_id: str, body: Removal) -> Response:
        """Off the list, for this reason."""
        entry = await load(call.runtime, WAITLIST_ENTRY, entry_id)
        return await give(call, WAITLIST_ENTRY, entry, RemoveEntry(reason=body.reason))


async def mine(call: Call, appointment_id: str) -> Snapshot[Any]:
    return own(call, await load(call.runtime, APPOINTMENT, checked_id(appointment_id)))


def own(call: Call, snapshot: Snapshot[Any]) -> Snapshot[Any]:
    """Raises Problem 404 for what belongs to another patient. Referrers see no dates: they call the clinic."""
    if call.caller.kind != "user" and not (
        call.caller.kind == "patient" and snapshot.lane_key == call.caller.id
    ):
        raise not_found(snapshot.kind)
    return snapshot


async def check_referral(call: Call, referral_id: str, patient_id: str) -> None:
    """Raises Problem 404 for a referral that is not this patient's, as far as it is known here."""
    record = await call.runtime.load(RECORD, referral_id)
    if record is not None and record.lane_key != patient_id:
        raise not_found("referral of this patient")


async def give(call: Call, aggregate: Aggregate[Any], snapshot: Snapshot[Any], command: Command) -> Response:
    """One command to one thing, under the version that the caller saw, if they say."""
    order: Send = aggregate.send(command, to=one(snapshot.id), expecting=call.expecting)
    return await call.give(order, answer=changed(aggregate))


def changed(aggregate: Aggregate[Any]) -> Callable[[Outcome], Answer]:
    """The thing as it is now."""

    def answer(outcome: Outcome) -> Answer:
        snapshot = outcome.one(aggregate)
        body = msgspec.to_builtins(snapshot.state) | {"id": snapshot.id, "version": snapshot.version}
        return answer_with(snapshot, body, parked=outcome.parked)

    return answer


def told(ids: dict[str, Any], status: int = 201) -> Callable[[Outcome], Answer]:
    """The ids of what was made."""

    def answer(outcome: Outcome) -> Answer:
        return Answer(status, msgspec.json.encode(ids | ({"parked": True} if outcome.parked else {})), {})

    return answer
