"""HTTP routes of scheduling: run a query, or give a command. No rules."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backbone.engine.runtime import Runtime
from backbone.http.calls import PROBLEM, actions, answer_with, load
from backbone.http.identity import Caller, Principal
from backbone.http.problems import Problem, checked_id, not_found
from backbone.model import Snapshot
from schemas.codes import Discipline
from schemas.fact import Id, Instant
from schemas.scheduling.v1.codes import Purpose
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST
from services.scheduling.booking_request.routes import command_routes
from services.scheduling.slot import queries

Limit = Annotated[int, Query(ge=1, le=500)]


def routes() -> APIRouter:
    """Everything of this service."""
    router = APIRouter(responses=PROBLEM)
    router.include_router(free_times())
    router.include_router(open_work())
    router.include_router(dates())
    router.include_router(command_routes())
    return router


def free_times() -> APIRouter:
    router = APIRouter(tags=["scheduling"])

    @router.get("/slots")
    async def slots(
        request: Request,
        caller: Caller,
        discipline: Discipline,
        purpose: Purpose,
        since: Annotated[Instant | None, Query(alias="from")] = None,
        until: Annotated[Instant | None, Query(alias="to")] = None,
        limit: Limit = 50,
    ) -> Response:
        """Free times, in order of start; without `from` and `to` those of the next four weeks."""
        runtime = staffed(request, caller)
        begin = since or runtime.clock.now()
        end = until or begin + timedelta(days=28)
        found = await queries.free_slots(runtime, discipline, purpose, begin, end, limit)
        return answer({"slots": [slot._asdict() for slot in found]})

    return router


def open_work() -> APIRouter:
    """What has to be booked."""
    router = APIRouter(tags=["scheduling"])

    @router.get("/booking-requests")
    async def booking_requests(
        request: Request,
        caller: Caller,
        status: str | None = None,
        patient_id: Id | None = None,
        limit: Limit = 100,
        cursor: Id | None = None,
    ) -> Response:
        """What has to be booked."""
        runtime = staffed(request, caller)
        found = await queries.rows(runtime, queries.REQUESTS, status, patient_id, cursor, limit + 1)
        following = {"next": found[limit - 1]["id"]} if len(found) > limit else {}
        return answer({"booking_requests": found[:limit], **following})

    @router.get("/booking-requests/{request_id}")
    async def booking_request(request: Request, caller: Caller, request_id: str) -> Response:
        return seen(await load(staffed(request, caller), BOOKING_REQUEST, request_id))

    @router.get("/waiting-list")
    async def waiting_list(request: Request, caller: Caller) -> Response:
        """Who waits for a first visit, the most urgent first."""
        found = await queries.rows(staffed(request, caller), queries.WAITING_LIST)
        return answer({"entries": found})

    return router


def dates() -> APIRouter:
    """Appointments."""
    router = APIRouter(tags=["scheduling"])

    @router.get("/appointments")
    async def appointments(
        request: Request,
        caller: Caller,
        patient_id: Id | None = None,
        since: Annotated[Instant | None, Query(alias="from")] = None,
        until: Annotated[Instant | None, Query(alias="to")] = None,
        limit: Limit = 200,
    ) -> Response:
        """Appointments in order of start. Patients see their own."""
        runtime: Runtime = request.app.state.runtime
        whose = caller.id if caller.kind == "patient" else patient_id
        if caller.kind not in ("user", "patient"):
            raise Problem(403, "not-permitted", "Only staff and patients see appointments.")
        found = await queries.rows(runtime, queries.APPOINTMENTS, whose, text(since), text(until), limit)
        return answer({"appointments": found})

    @router.get("/appointments/{appointment_id}")
    async def appointment(request: Request, caller: Caller, appointment_id: str) -> Response:
        return seen(await visible(request, caller, appointment_id))

    @router.get("/appointments/{appointment_id}/actions")
    async def possible(request: Request, caller: Caller, appointment_id: str) -> Response:
        """What may be done with it as it stands."""
        snapshot = await visible(request, caller, appointment_id)
        return answer({"actions": list(actions(APPOINTMENT, snapshot))})

    return router


async def visible(request: Request, caller: Principal, appointment_id: str) -> Snapshot[Any]:
    """Raises Problem 404, also for what the caller may not know of."""
    snapshot = await load(request.app.state.runtime, APPOINTMENT, checked_id(appointment_id))
    if caller.kind == "user" or (caller.kind == "patient" and snapshot.lane_key == caller.id):
        return snapshot
    raise not_found("appointment")


def staffed(request: Request, caller: Principal) -> Runtime:
    """Raises Problem 403."""
    if caller.kind != "user":
        raise Problem(403, "not-permitted", "Only staff of the clinic see this.")
    runtime: Runtime = request.app.state.runtime
    return runtime


def text(instant: datetime | None) -> str | None:
    return queries.stamp(instant) if instant else None


def answer(body: Any) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")


def seen(snapshot: Snapshot[Any]) -> Response:
    """The stored state with its version as ETag."""
    body = msgspec.to_builtins(snapshot.state) | {
        "id": snapshot.id,
        "patient_id": snapshot.lane_key,
        "referral_id": snapshot.pathway_id,
        "version": snapshot.version,
    }
    given = answer_with(snapshot, body)
    return Response(given.body, given.status, given.headers, "application/json")
