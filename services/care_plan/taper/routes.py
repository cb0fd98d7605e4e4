"""HTTP routes of tapers: agreed by a physician, taken step by step, ended. No rules."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from backbone.http.access import Running, Staff
from backbone.http.calls import Calling
from backbone.http.identity import Caller
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import Actions, Resource
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
from services.care_plan.taper.aggregate import TAPER
from services.care_plan.taper.commands import EndTaper, RecordStep, StartTaper
from services.care_plan.taper.documents import Agreement, Ending, StepDone
from services.care_plan.taper.states import Step, Taper, taper_id

TAPERS = Resource(TAPER)


async def of_patient(running: Running, caller: Staff, patient_id: str) -> Snapshot[Taper]:
    """The taper of a patient whose opioid dose was looked at. Raises Problem 404."""
    found = await running.load(TAPER, taper_id(checked_id(patient_id)))
    if found is None:
        raise not_found("patient")
    return found


Of = Annotated[Snapshot[Taper], Depends(of_patient)]


async def get_taper(caller: Caller, taper: Of) -> Response:
    """As it stands: the dose, and what was agreed."""
    return TAPERS.seen(taper, caller)


async def get_taper_actions(call: Calling, taper: Of) -> Response:
    """What may be done with this version now, and by whom."""
    return TAPERS.actions(call, taper)


async def start_taper(call: Calling, taper: Of, patient_id: str, body: Agreement) -> Response:
    """From the dose that is known, by these steps."""
    steps = tuple(like(Step, each) for each in body.steps)
    command = StartTaper(patient_id=patient_id, agreed=body.agreed, steps=steps)
    return await TAPERS.give(call, taper, command)


async def record_taper_step(call: Calling, taper: Of, patient_id: str, body: StepDone) -> Response:
    """The patient takes this much now; faster than agreed, and a physician is told."""
    return await TAPERS.give(call, taper, RecordStep(patient_id=patient_id, **body.model_dump()))


async def end_taper(call: Calling, taper: Of, body: Ending) -> Response:
    """Finished, paused or given up."""
    return await TAPERS.give(call, taper, EndTaper(**body.model_dump()))


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/taper", get_taper, TAPER, reads="medicines"),
    get("/patients/{patient_id}/taper/actions", get_taper_actions, Actions, reads="care"),
    post("/patients/{patient_id}/taper/start", start_taper, TAPER),
    post("/patients/{patient_id}/taper/steps", record_taper_step, TAPER),
    post("/patients/{patient_id}/taper/end", end_taper, TAPER),
)
