"""HTTP routes of the patient registry. No rules."""

from fastapi.responses import Response

from backbone.http.access import Running, Staff
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model import Route
from services.referral.patient import queries
from services.referral.patient.documents import PatientLabel


async def get_patient_label(running: Running, caller: Staff, patient_id: str) -> Response:
    """Initials and number, for the board. Staff only."""
    found = await queries.label(running, checked_id(patient_id))
    if found is None:
        raise not_found("patient")
    return reading(found)


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/label", get_patient_label, PatientLabel, reads="label"),
)
