"""HTTP routes of the patient registry. No rules."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from backbone.http.access import Running, Staff, Themselves
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model import Route
from schemas.fact import Id
from services.referral.patient import queries
from services.referral.patient.documents import PatientContact, PatientLabel, PatientLabels


async def get_patient_label(running: Running, caller: Staff, patient_id: str) -> Response:
    """Initials and number, for the board. Staff only."""
    found = await queries.labels(running, [checked_id(patient_id)])
    if not found:
        raise not_found("patient")
    return reading(found[0])


async def list_patient_labels(
    running: Running,
    caller: Staff,
    patient_id: Annotated[list[Id], Query(min_length=1, max_length=500, description="Once for each")],
) -> Response:
    """Initials and numbers, for a board, in one request. Staff only."""
    return reading({"labels": await queries.labels(running, list(dict.fromkeys(patient_id)))})


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
    get("/labels", list_patient_labels, PatientLabels, reads="label"),
    get("/patients/{patient_id}/contact", get_patient_contact, PatientContact, reads="contact"),
)
