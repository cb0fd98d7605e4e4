"""What a referrer sends, over HTTP or to `referral.intake`. It carries personal data (PRV-37).

Required are a source identifier, a patient identity, a referrer, and known codes. All else that is missing is
received and asked for. Nothing here is a fact.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.codes import MedicationFlag, Reason, RedFlag, ReferrerType
from schemas.fact import Code, Id, Uri

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
SystemUri = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S+$")]


class Submitted(BaseModel):
    """A part of a submission. An unknown field is an error, so that a misspelt one is not lost silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Identifier(Submitted):
    """An identifier and who issued it. Same identifier of the same system: same person."""

    system: SystemUri
    value: Name


class SubmittedContact(Submitted):
    """How the person can be reached, and what they need."""

    phone: Name | None = None
    email: Name | None = None
    address: Name | None = None
    proxy: Name | None = None
    accessibility: tuple[Code, ...] | None = None
    preferred_format: Code | None = None


class SubmittedPatient(Submitted):
    """Who the person is."""

    identifier: Identifier
    family_name: Name | None = None
    given_names: Name | None = None
    birth_date: date | None = None
    language: Code | None = None
    interpreter_needed: bool | None = None
    time_zone: Code | None = None
    contact: SubmittedContact | None = None


class SuppliedPatient(Submitted):
    """What was missing about the person. Who it is, is known."""

    family_name: Name | None = None
    given_names: Name | None = None
    birth_date: date | None = None
    language: Code | None = None
    interpreter_needed: bool | None = None
    time_zone: Code | None = None
    contact: SubmittedContact | None = None


class ReturnChannel(Submitted):
    """Where letters to the referrer go."""

    kind: Literal["portal", "secure_email", "fax", "post"]
    address: Name


class SubmittedReferrer(Submitted):
    """Who refers. `organisation_id` is the id under which the organisation is registered here."""

    type: ReferrerType
    organisation_id: Id
    name: Name | None = None
    return_channel: ReturnChannel | None = None


class SubmittedMedication(Submitted):
    """One drug, coded. Doses are decimals in `dose_unit`, `per_day` times a day."""

    code: Code
    code_system: Uri
    dose: Decimal | None = Field(default=None, ge=0)
    dose_unit: Code | None = None
    per_day: Decimal | None = Field(default=None, ge=0)
    route: Code | None = None
    as_needed: bool = False
    classes: tuple[MedicationFlag, ...] = ()


class SubmittedTreatment(Submitted):
    """What was tried, and what came of it."""

    modality: Code
    outcome: Literal["helped", "partial", "no_effect", "harm"]
    dose: Name | None = None
    from_date: date | None = None
    to_date: date | None = None


class SubmittedPain(Submitted):
    """Where it hurts, and how."""

    site: Code
    character: Code | None = None


class SubmittedOnset(Submitted):
    """When it began: a date, or months ago."""

    began_on: date | None = None
    months_ago: int | None = Field(default=None, ge=0, le=1500)


class SubmittedCoverage(Submitted):
    """Who pays, where somebody does."""

    payer_profile: Code | None = None
    plan_type: Code | None = None
    member_id: Name | None = None
    authorisation_number: Name | None = None
    authorisation_ends_on: date | None = None


class SubmittedAnswers(Submitted):
    """The minimum data set. A field that is left out is asked for."""

    reason_for_referral: Reason | None = None
    onset: SubmittedOnset | None = None
    mechanism: Text | None = None
    pain_site_character: tuple[SubmittedPain, ...] | None = None
    prior_treatments: tuple[SubmittedTreatment, ...] | None = None
    medications: tuple[SubmittedMedication, ...] | None = None
    history: Text | None = None
    function: Text | None = None
    psychological: Text | None = None
    social: Text | None = None
    substance_use: Text | None = None
    self_management_willing: bool | None = None
    self_management_note: Text | None = None
    red_flag_screen: dict[RedFlag, Literal["yes", "no", "unknown"]] | None = None
    consent_to_referral: bool | None = None
    tests_performed: bool | None = None
    reports: tuple[Text, ...] | None = None
    coverage: SubmittedCoverage | None = None
    compensable_claim: bool | None = None
    condition_codes: tuple[Code, ...] | None = None
    outside_catchment: bool | None = None


class ReferralSubmission(Submitted):
    """One referral. Its key is (`source_system`, `source_id`).

    Sent again with the same content it changes nothing; with other content it is an amendment.
    """

    source_system: Code
    source_id: Name
    predecessor_id: Id | None = None
    patient: SubmittedPatient
    referrer: SubmittedReferrer
    answers: SubmittedAnswers = SubmittedAnswers()


class SuppliedInformation(Submitted):
    """The answer to an information request: only what is said changes."""

    answers: SubmittedAnswers = SubmittedAnswers()
    patient: SuppliedPatient | None = None
    return_channel: ReturnChannel | None = None
