"""Facts of the patient registry. Who the person is stays there; these name an opaque id."""

from typing import Annotated, ClassVar, Literal

from schemas.fact import Code, Fact, Id, sensitivity

Changed = Literal["contact", "language", "time_zone", "proxy", "accessibility"]


class PatientFact(Fact):
    """A fact of a patient's record."""

    aggregate: ClassVar[str] = "patient"


class PatientRegistered(PatientFact):
    """First contact made a record. Other services may keep one of their own now."""

    type: Literal["referral.patient_registered.v1"] = "referral.patient_registered.v1"
    is_adult: Annotated[bool | None, sensitivity("phi")] = None
    language: Code
    interpreter_needed: bool
    time_zone: Code
    source_key_ref: Id


class PatientUpdated(PatientFact):
    """Demographics or contact changed; the values travel on `referral.contacts` only."""

    type: Literal["referral.patient_updated.v1"] = "referral.patient_updated.v1"
    changed: tuple[Changed, ...]
