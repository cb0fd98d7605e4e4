"""HTTP routes of appointments: run a query, or give a command. No rules."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import Response

from backbone.http.access import Mine, Running, only
from backbone.http.calls import Calling
from backbone.http.identity import Caller, Principal
from backbone.http.places import After, Place, write_place
from backbone.http.resources import Actions, Resource, page
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
from schemas.fact import Id, Instant
from services.scheduling.appointment import queries
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import (
    Arrive,
    Attend,
    CancelAppointment,
    CheckIn,
    Confirm,
    CorrectAttendance,
    MarkInError,
    MissAppointment,
    MoveDate,
    ReleaseDate,
)
from services.scheduling.appointment.documents import (
    AppointmentPage,
    Cancelling,
    Correction,
    Missing,
    Moving,
)
from services.scheduling.appointment.reactions import cancel, move
from services.scheduling.appointment.states import Appointment, Known
from services.scheduling.booking_request.queries import assessments_before, wanted_of
from services.scheduling.slot.routes import at_places
from services.scheduling.slot.states import SlotTime

APPOINTMENTS = Resource(APPOINTMENT)
Visit = Annotated[Snapshot[Appointment], Mine(APPOINTMENT, "appointment_id")]
"""Staff see every appointment, patients their own; referrers none: they call the clinic."""
StaffOrPatient = Annotated[Principal, only("user", "patient", name="staff and patients")]


async def list_appointments(
    running: Running,
    caller: StaffOrPatient,
    patient_id: Id | None = None,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    until: Annotated[Instant | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    after: Annotated[Place | None, Depends(After(2))] = None,
) -> Response:
    """Appointments in order of start. Patients see their own."""
    asked = caller.id if caller.kind == "patient" else patient_id
    whose = await running.records(asked) if asked else None
    found = await queries.page(running, whose, since, until, after, limit)
    cursors = [write_place(queries.place_of(each)) for each in found]
    return page("appointments", [APPOINTMENTS.document(each, caller) for each in found], limit, cursors)


async def get_appointment(caller: Caller, appointment: Visit) -> Response:
    """As it stands; its ETag goes into If-Match."""
    return APPOINTMENTS.seen(appointment, caller)


async def get_appointment_actions(call: Calling, appointment: Visit) -> Response:
    """What may be done with it as it stands, and by whom."""
    return APPOINTMENTS.actions(call, appointment)


async def move_appointment(call: Calling, appointment: Visit, body: Moving) -> Response:
    """Another time, the same appointment (SCH-01). The old slot is free again."""
    matter = appointment.state.matter if isinstance(appointment.state, Known) else None
    first = await assessments_before(call.runtime, matter) if matter else None

    async def give(places: Sequence[SlotTime]) -> Response:
        [time] = places
        command = like(MoveDate, time, by=body.by, reason=body.reason, assessments=first)
        order = move(APPOINTMENTS.send(call, appointment, command), appointment, time)
        return await APPOINTMENTS.order(call, order)

    wanted = wanted_of(call.runtime, matter) if matter else None
    return await at_places(call.runtime, wanted, [body.slot.time], [appointment.id], give)


async def cancel_appointment(call: Calling, appointment: Visit, body: Cancelling) -> Response:
    """By whom and why (SCH-07)."""
    command = APPOINTMENTS.send(call, appointment, like(CancelAppointment, body))
    return await APPOINTMENTS.order(call, cancel(command, appointment))


async def confirm_appointment(call: Calling, appointment: Visit) -> Response:
    """The patient will come."""
    by_patient = call.caller.kind == "patient"
    return await APPOINTMENTS.give(call, appointment, Confirm(via="portal" if by_patient else "phone"))


async def release_date(call: Calling, appointment: Visit) -> Response:
    """The date is let go: what must be true before the procedure is not, and it is too late (PRC-06)."""
    return await APPOINTMENTS.give(call, appointment, ReleaseDate())


async def mark_in_error(call: Calling, appointment: Visit, body: Correction) -> Response:
    """It should never have been there."""
    return await APPOINTMENTS.give(call, appointment, like(MarkInError, body))


async def record_arrival(call: Calling, appointment: Visit) -> Response:
    """The patient is here."""
    return await APPOINTMENTS.give(call, appointment, Arrive())


async def check_in(call: Calling, appointment: Visit) -> Response:
    """The patient is ready to be seen."""
    return await APPOINTMENTS.give(call, appointment, CheckIn())


async def record_attendance(call: Calling, appointment: Visit) -> Response:
    """The visit is done."""
    return await APPOINTMENTS.give(call, appointment, Attend())


async def record_non_attendance(call: Calling, appointment: Visit, body: Missing) -> Response:
    """Nobody came (SCH-05, SCH-06)."""
    return await APPOINTMENTS.give(call, appointment, like(MissAppointment, body))


async def correct_attendance(call: Calling, appointment: Visit, body: Correction) -> Response:
    """The patient was late and seen, or the record was a mistake."""
    return await APPOINTMENTS.give(call, appointment, like(CorrectAttendance, body))


ROUTES: tuple[Route, ...] = (
    get("/appointments", list_appointments, AppointmentPage, reads="visit"),
    get("/appointments/{appointment_id}", get_appointment, APPOINTMENT, reads="visit"),
    get("/appointments/{appointment_id}/actions", get_appointment_actions, Actions, reads="visit"),
    post("/appointments/{appointment_id}/move", move_appointment, APPOINTMENT),
    post("/appointments/{appointment_id}/cancel", cancel_appointment, APPOINTMENT),
    post("/appointments/{appointment_id}/confirm", confirm_appointment, APPOINTMENT),
    post("/appointments/{appointment_id}/release", release_date, APPOINTMENT),
    post("/appointments/{appointment_id}/mark-in-error", mark_in_error, APPOINTMENT),
    post("/appointments/{appointment_id}/arrive", record_arrival, APPOINTMENT),
    post("/appointments/{appointment_id}/check-in", check_in, APPOINTMENT),
    post("/appointments/{appointment_id}/attend", record_attendance, APPOINTMENT),
    post("/appointments/{appointment_id}/did-not-attend", record_non_attendance, APPOINTMENT),
    post("/appointments/{appointment_id}/correct", correct_attendance, APPOINTMENT),
)
