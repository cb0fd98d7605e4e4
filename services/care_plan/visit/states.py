"""What this service knows of an appointment, and whether it is the patient's whom a command is about."""

from datetime import datetime

from backbone.model import Given, Refused, State, TooEarly
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Purpose
from services.care_plan.rules import Rules


class Unknown(State, tag="unknown"):
    """It was never booked: only offered or held."""


class Noted(State, tag="noted", kw_only=True):
    """Booked at least once; `ended` says how."""

    purpose: Purpose
    discipline: Discipline
    start: datetime
    version: int
    activity_id: str | None = None
    procedure_id: str | None = None
    ended: str | None = None
    patient_id: str | None = None


Visit = Unknown | Noted


def not_their_visit(appointment_id: str | None, given: Given[Rules]) -> Refused | TooEarly | None:
    """What is done at an appointment is done for the patient of the appointment."""
    if appointment_id is None:
        return None
    visit = given.others["visit", appointment_id]
    if not isinstance(visit, Noted):
        reason, until = "this appointment is not known here, or not yet", ("visit", appointment_id)
        return TooEarly(reason, code="unknown-appointment", until=until)
    if visit.patient_id != given.lane_key:
        return Refused("this appointment is another patient's", code="another-patient")
    return None
