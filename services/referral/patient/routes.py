"""HTTP routes of the patient registry. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Running, Staff, Themselves
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model import Route
from services.referral.patient import queries
from services.referral.patient.documents import PatientContact, PatientLabel


async def get_patient_label(running: Running, caller: Staff, patient_id: str) -> Response:
    """Initials and number, for the board. Staff only."""
    found = await queries.label(running, checked_id(patient_id))
    if found is None:
        raise not_found("patient")
    return reading(found)


async def get_patient_contact(
    running: Running, patient: Annotated[str, Themselves("patient_id")]
) -> Response:
    """Who somebody is and how they are reached. Patients see their own."""
    found = await queries.contact(running, patient)
    if found is None:
        raise not_found("patient")
    return reading(found)


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/label", get_patient_label, PatientLabel, reads="label"),
    get("/patients/{patient_id}/contact", get_patient_contact, PatientContact, reads="contact"),
)
