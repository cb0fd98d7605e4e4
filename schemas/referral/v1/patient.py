"""Facts of the patient registry. Who the person is stays there; these name an opaque id."""

from typing import Annotated, ClassVar, Literal

from schemas.fact import FEW, Fact, Id, Language, YesNo, ZoneName, sensitivity
from schemas.referral.v1.codes import Changed


class PatientFact(Fact):
    """A fact of a patient's record."""

    aggregate: ClassVar[str] = "patient"


class PatientRegistered(PatientFact):
    """First contact made a record. Other services may keep one of their own now."""

    type: Literal["referral.patient_registered.v1"] = "referral.patient_registered.v1"
    is_adult: Annotated[YesNo | None, sensitivity("phi")] = None
    language: Language
    interpreter_needed: YesNo
    time_zone: ZoneName
    source_key_ref: Id


class PatientUpdated(PatientFact):
    """Demographics or contact changed; the values travel on `referral.contacts` only."""

    type: Literal["referral.patient_updated.v1"] = "referral.patient_updated.v1"
    changed: Annotated[tuple[Changed, ...], FEW]
