"""A patient's timeline: every fact that the worklist consumed about them, in order of arrival."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backbone.engine.runtime import Runtime
from backbone.http.calls import PROBLEM
from backbone.http.identity import Caller
from backbone.http.problems import Problem, checked_id, not_found
from services.worklist.queue import queries

READERS = frozenset(
    {
        *("care_coordinator", "clinical_lead", "medical_director", "nurse", "triage_nurse", "physician"),
        *("proceduralist", "physiotherapist", "occupational_therapist", "psychologist", "pharmacist"),
        *("social_worker", "service_manager"),
    }
)
"""Who works with patients. Reception and operations don't read timelines."""


def timeline_routes() -> APIRouter:
    router = APIRouter(tags=["timeline"], responses=PROBLEM)

    @router.get("/patients/{patient_id}/timeline")
    async def timeline(
        request: Request,
        caller: Caller,
        patient_id: str,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        cursor: Annotated[int, Query(ge=0, description="`next` of the page before")] = 0,
    ) -> Response:
        """Type, time, actor and codes of each fact; texts stay where they were written. Patients see their own."""
        patient = checked_id(patient_id)
        if caller.kind == "patient" and caller.id != patient:
            raise not_found("patient")
        if caller.kind not in ("user", "patient") or (
            caller.kind == "user" and READERS.isdisjoint(caller.roles)
        ):
            raise Problem(403, "not-permitted", "Only those who work with patients read timelines.")
        runtime: Runtime = request.app.state.runtime
        async with runtime.connection() as connection:
            found = await queries.timeline(connection, patient, cursor, limit)
        following = {"next": found[limit - 1].id} if len(found) > limit else {}
        body = {"patient_id": patient, "facts": list(found[:limit]), **following}
        return Response(msgspec.json.encode(body), media_type="application/json")

    return router
