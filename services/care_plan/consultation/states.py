"""The states of a consultation, and whether it is one of the referral that a command is about."""

from datetime import date
from typing import Annotated

import msgspec

from backbone.model import BY_RIGHT, Given, Refused, State
from schemas.care_plan.v1.codes import ConsultationKind, ConsultationOutcome
from services.care_plan.rules import Rules


class NotBegun(State, tag="planned"):
    """The visit is to come."""


class Started(State, tag="started", kw_only=True):
    appointment_id: str
    kind: ConsultationKind
    referral_id: str | None = None


class Diagnosed(msgspec.Struct, frozen=True):
    """As it was coded."""

    system: str
    code: str


class Completed(State, tag="completed", kw_only=True):
    kind: ConsultationKind
    outcome: Annotated[ConsultationOutcome, BY_RIGHT]
    referral_id: str | None = None
    plan_due: date | None = None
    drafted: bool = False
    letter_signed: bool = False
    letter_ref: str | None = None
    diagnoses: tuple[Diagnosed, ...] = ()
    result: str | None = None
    addenda: int = 0


class Abandoned(State, tag="abandoned", kw_only=True):
    kind: ConsultationKind


Consultation = NotBegun | Started | Completed | Abandoned


def not_their_consultation(
    consultation_id: str | None, referral_id: str, given: Given[Rules]
) -> Refused | None:
    """What follows from a consultation belongs to the referral of the consultation."""
    if consultation_id is None:
        return None
    found = given.others["consultation", consultation_id]
    if isinstance(found, Started | Completed) and found.referral_id == referral_id:
        return None
    return Refused("this referral had no such consultation", code="unknown-consultation")
