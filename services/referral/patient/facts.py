"""Private facts: steps that nobody outside needs. They go to this service's journal only."""

from typing import Literal

from schemas.fact import Code, Id, PrivateFact


class PatientFiled(PrivateFact):
    """The registry's record as it is now: identity and contact are content."""

    type: Literal["referral.patient_filed.v1"] = "referral.patient_filed.v1"
    number: int
    identity_ref: Id
    contact_ref: Id
    language: Code
    interpreter_needed: bool
    time_zone: Code
    is_adult: bool | None = None
    is_identified: bool = False
    """Whether the registry has what a referral needs of it."""
