"""HTTP routes of opioid exposure: a clinician says what a list of drugs left open. No rules."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from backbone.http.access import Running, Staff
from backbone.http.calls import Calling
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import Resource
from backbone.http.routes import post
from backbone.model import Route, Snapshot
from services.care_plan.opioid.aggregate import OPIOID_PROFILE, StateExposure
from services.care_plan.opioid.documents import Statement
from services.care_plan.opioid.states import OpioidProfile, profile_id

PROFILES = Resource(OPIOID_PROFILE)


async def of_patient(running: Running, caller: Staff, patient_id: str) -> Snapshot[OpioidProfile]:
    """The exposure of a patient whose list of drugs came. Raises Problem 404."""
    found = await running.load(OPIOID_PROFILE, profile_id(checked_id(patient_id)))
    if found is None:
        raise not_found("patient")
    return found


async def state_opioid_exposure(
    call: Calling, profile: Annotated[Snapshot[OpioidProfile], Depends(of_patient)], body: Statement
) -> Response:
    """What the patient takes, whatever the list says: it is not incomplete any more, until the next list."""
    return await PROFILES.give(call, profile, StateExposure(**body.model_dump()))


ROUTES: tuple[Route, ...] = (
    post("/patients/{patient_id}/opioid-exposure", state_opioid_exposure, OPIOID_PROFILE),
)
