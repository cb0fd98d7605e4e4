"""HTTP routes of referrals: run a query, or give a command. No rules."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backbone.engine.runtime import Runtime, Snapshot
from backbone.http.calls import PROBLEM, Body, answer_with, checked_id, load, not_found
from backbone.http.identity import Caller, Principal
from backbone.http.problems import Problem
from backbone.model import permits
from schemas.codes import ReferralStatus
from services.referral import queries
from services.referral.commanding import command_routes
from services.referral.documents import Actions, PatientLabel, ReferralDocument, ReferralPage
from services.referral.domain.referral.aggregate import REFERRAL
from services.referral.domain.referral.view import actions, document, is_visible
from services.referral.domain.roles import CLINICIAN
from services.referral.domain.waiting import waiting_days


def routes() -> APIRouter:
    """Everything under /referrals and /patients."""
    router = APIRouter(responses=PROBLEM)
    router.include_router(referral_reads())
    router.include_router(referral_details())
    router.include_router(patient_reads())
    router.include_router(command_routes())
    return router


def referral_reads() -> APIRouter:
    """Lists and single referrals."""
    router = APIRouter(prefix="/referrals", tags=["referrals"])

    @router.get("", response_model=ReferralPage)
    async def referrals(
        request: Request,
        caller: Caller,
        status: ReferralStatus | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
    ) -> Response:
        """Referrals that the caller may see: all for staff, their own for referrers and patients."""
        runtime = runtime_of(request)
        after = checked_id(cursor) if cursor else None
        found = await queries.page(runtime, scope_of(caller, status), after, limit)
        shown = [document(row[0], row[2], caller.actor) | {"version": row[1]} for row in found[:limit]]
        following = {"next": shown[-1]["id"]} if len(found) > limit else {}
        return reading({"referrals": shown, **following})

    @router.get("/{referral_id}", response_model=ReferralDocument)
    async def referral(request: Request, caller: Caller, referral_id: str) -> Response:
        """Status, dates and decisions; its ETag goes into If-Match."""
        runtime = runtime_of(request)
        snapshot = await seen_by(caller, runtime, referral_id)
        calendar = runtime.rules.calendar
        waited = waiting_days(snapshot.state.course, calendar.day(runtime.clock.now()), calendar)
        shown = document(snapshot.id, snapshot.state, caller.actor) | {"waiting_days": waited}
        return reading(shown, snapshot)

    return router


def referral_details() -> APIRouter:
    """What may be done with a referral, and what was sent."""
    router = APIRouter(prefix="/referrals", tags=["referrals"])

    @router.get("/{referral_id}/actions", response_model=Actions)
    async def possible(request: Request, caller: Caller, referral_id: str) -> Response:
        """What may be done with this version now, and by whom."""
        runtime = runtime_of(request)
        snapshot = await seen_by(caller, runtime, referral_id)
        offered = actions(snapshot.id, snapshot.state, caller.actor, runtime.clock.now(), runtime.rules)
        return reading({"actions": msgspec.to_builtins(offered)}, snapshot)

    @router.get("/{referral_id}/package")
    async def package(request: Request, caller: Caller, referral_id: str) -> Response:
        """What the referrer sent, without who the patient is. For clinicians, and for the referrer."""
        runtime = runtime_of(request)
        snapshot = await seen_by(caller, runtime, referral_id)
        if caller.kind == "user" and not permits(CLINICIAN, caller.actor, runtime.rules):
            raise Problem(403, "not-permitted", "Only clinicians read what the referrer sent.")
        body = await queries.package(runtime, snapshot.state)
        if body is None:
            raise not_found("package any more: it was erased")
        return Response(body, 200, {"etag": f'"{snapshot.version}"'}, "application/json")

    return router


def patient_reads() -> APIRouter:
    router = APIRouter(prefix="/patients", tags=["patients"])

    @router.get("/{patient_id}/label", response_model=PatientLabel)
    async def label(request: Request, caller: Caller, patient_id: str) -> Response:
        """Initials and number, for the board. Staff only."""
        if caller.kind != "user":
            raise Problem(403, "not-permitted", "Only staff of the clinic see labels.")
        found = await queries.label(runtime_of(request), checked_id(patient_id))
        if found is None:
            raise not_found("patient")
        return reading(found)

    return router


def scope_of(caller: Principal, status: str | None) -> queries.Scope:
    """Raises Problem 403 for callers who have no referrals."""
    match caller.kind:
        case "user":
            return queries.Scope(status)
        case "referrer":
            return queries.Scope(status, organisation_id=caller.id)
        case "patient":
            return queries.Scope(status, patient_id=caller.id)
        case _:
            raise Problem(403, "not-permitted", "Only staff, referrers and patients see referrals.")


async def seen_by(caller: Principal, runtime: Runtime, referral_id: str) -> Snapshot[Any]:
    """Raises Problem 404, also for what the caller may not know of."""
    snapshot = await load(runtime, REFERRAL, referral_id)
    if not is_visible(snapshot.state.course, caller.actor):
        raise not_found("referral")
    return snapshot


def reading(body: Body, snapshot: Snapshot[Any] | None = None) -> Response:
    """An answer that changed nothing."""
    if snapshot is None:
        return Response(msgspec.json.encode(body), media_type="application/json")
    answer = answer_with(snapshot, body | {"version": snapshot.version})
    return Response(answer.body, answer.status, answer.headers, "application/json")


def runtime_of(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime
