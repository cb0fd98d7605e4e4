"""HTTP routes of the care plan service, put together."""

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from backbone.http.calls import PROBLEM
from backbone.http.identity import Caller
from backbone.http.problems import checked_id, not_found
from services.care_plan import queries
from services.care_plan.consulting import consultation_routes
from services.care_plan.meeting import meeting_routes
from services.care_plan.planning import plan_routes
from services.care_plan.working import activity_routes, alert_routes, measure_routes


def routes() -> APIRouter:
    """Everything of this service."""
    router = APIRouter(responses=PROBLEM)
    for part in (
        *(consultation_routes(), plan_routes(), activity_routes(), measure_routes()),
        *(alert_routes(), meeting_routes(), patient_routes()),
    ):
        router.include_router(part)
    return router


def patient_routes() -> APIRouter:
    router = APIRouter(tags=["plans"])

    @router.get("/patients/{patient_id}/plan")
    async def plan(request: Request, caller: Caller, patient_id: str) -> Response:
        """The patient's plan as it stands. Patients see their own."""
        patient = checked_id(patient_id)
        if caller.kind != "user" and not (caller.kind == "patient" and caller.id == patient):
            raise not_found("patient")
        found = await queries.plans_of(request.app.state.runtime, patient)
        if not found:
            raise not_found("plan")
        return Response(msgspec.json.encode(found[0]), media_type="application/json")

    return router
