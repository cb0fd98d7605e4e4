"""What a referrer sends, over HTTP or to `referral.intake`. It carries personal data (PRV-37).

Required are a source identifier, a patient identity, a referrer, and known codes. All else that is missing is
received and asked for. Nothing here is a fact.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.codes import REASON_FOR_REFERRAL, REFERRER_TYPE, MedicationFlag, RedFlag
from schemas.fact import (
    FEW,
    MANY,
    SOME,
    Amount,
    ClinicalCode,
    Day,
    Id,
    Language,
    Slug,
    SupplyDays,
    Uri,
    Word,
    YesNo,
    most,
)
from schemas.notifications.v1.codes import ConsentChannel, ConsentPurpose
from schemas.referral.v1.codes import BODY_SITE, DOSE_UNIT, ROUTE
from schemas.said import Email, Name, Phone, PostalAddress, SystemUri, Text, TimeZone


class Submitted(BaseModel):
    """A part of a submission. An unknown field is an error, so that a misspelt one is not lost silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Identifier(Submitted):
    """An identifier and who issued it. Same identifier of the same system: same person."""

    system: SystemUri
    value: Name


class SubmittedConsent(Submitted):
    """The person agreed to be written to by this channel, for this purpose, and said so to the referrer."""

    channel: ConsentChannel
    purpose: ConsentPurpose


class SubmittedConfidential(Submitted):
    """The person asks to be reached in this way only (45 CFR 164.522(b)), and by messages that name no sender. Where no
    way is named, it is asked for."""

    phone: Phone | None = None
    email: Email | None = None
    address: PostalAddress | None = None


class SubmittedContact(Submitted):
    """How the person can be reached, what they agreed to, and what they need. A telephone number may be written as
    people write it; one that can't be read is received as not said, and named in the answer."""

    phone: Phone | None = None
    email: Email | None = None
    address: PostalAddress | None = None
    confidential: SubmittedConfidential | None = None
    consents: Annotated[tuple[SubmittedConsent, ...], FEW] | None = None
    proxy: Name | None = None
    accessibility: Annotated[tuple[Word, ...], FEW] | None = None
    preferred_format: Word | None = None


class SubmittedPatient(Submitted):
    """Who the person is."""

    identifier: Identifier
    family_name: Name | None = None
    given_names: Name | None = None
    birth_date: Day | None = None
    language: Language | None = None
    interpreter_needed: YesNo | None = None
    time_zone: TimeZone | None = None
    contact: SubmittedContact | None = None


class SuppliedPatient(Submitted):
    """What was missing about the person. Who it is, is known."""

    family_name: Name | None = None
    given_names: Name | None = None
    birth_date: Day | None = None
    language: Language | None = None
    interpreter_needed: YesNo | None = None
    time_zone: TimeZone | None = None
    contact: SubmittedContact | None = None


class ReturnChannel(Submitted):
    """Where letters to the referrer go."""

    kind: Literal["portal", "secure_email", "fax", "post"]
    address: Name


class SubmittedReferrer(Submitted):
    """Who refers. `organisation_id` is the id under which the organisation is registered here."""

    type: Annotated[str, REFERRER_TYPE.only]
    organisation_id: Id
    name: Name | None = None
    return_channel: ReturnChannel | None = None


class SubmittedMedication(Submitted):
    """One drug, coded. Doses are decimals in `dose_unit`, `per_day` times a day. `supply_days`: of what was
    prescribed for acute pain."""

    code: ClinicalCode
    code_system: Uri
    dose: Amount | None = None
    dose_unit: Annotated[str, DOSE_UNIT.only] | None = None
    per_day: Amount | None = None
    route: Annotated[str, ROUTE.only] | None = None
    as_needed: YesNo = False
    supply_days: SupplyDays | None = None
    classes: Annotated[tuple[MedicationFlag, ...], FEW] = ()


class SubmittedTreatment(Submitted):
    """What was tried, and what came of it."""

    modality: Word
    outcome: Literal["helped", "partial", "no_effect", "harm"]
    dose: Name | None = None
    from_date: Day | None = None
    to_date: Day | None = None

    @model_validator(mode="after")
    def ends_after_it_began(self) -> Self:
        if self.from_date and self.to_date and self.to_date < self.from_date:
            raise PydanticCustomError("period", "to_date must not be before from_date")
        return self


class SubmittedPain(Submitted):
    """Where it hurts, and how."""

    site: Annotated[str, BODY_SITE.only]
    character: Word | None = None


class SubmittedOnset(Submitted):
    """When it began: a date, or months ago."""

    began_on: Day | None = None
    months_ago: Annotated[int, Field(strict=True, ge=0, le=1500)] | None = None


class SubmittedCoverage(Submitted):
    """Who pays, where somebody does."""

    payer_profile: Slug | None = None
    plan_type: Word | None = None
    member_id: Name | None = None
    authorisation_number: Name | None = None
    authorisation_ends_on: Day | None = None


class SubmittedAnswers(Submitted):
    """The minimum data set. A field that is left out is asked for."""

    reason_for_referral: Annotated[str, REASON_FOR_REFERRAL.only] | None = None
    onset: SubmittedOnset | None = None
    mechanism: Text | None = None
    pain_site_character: Annotated[tuple[SubmittedPain, ...], SOME] | None = None
    prior_treatments: Annotated[tuple[SubmittedTreatment, ...], SOME] | None = None
    medications: Annotated[tuple[SubmittedMedication, ...], MANY] | None = None
    history: Text | None = None
    function: Text | None = None
    psychological: Text | None = None
    social: Text | None = None
    substance_use: Text | None = None
    self_management_willing: YesNo | None = None
    self_management_note: Text | None = None
    red_flag_screen: Annotated[dict[RedFlag, Literal["yes", "no", "unknown"]], FEW] | None = None
    overdose_is_past: YesNo | None = None
    consent_to_referral: YesNo | None = None
    tests_performed: YesNo | None = None
    reports: Annotated[tuple[Text, ...], most(10)] | None = None
    coverage: SubmittedCoverage | None = None
    compensable_claim: YesNo | None = None
    condition_codes: Annotated[tuple[ClinicalCode, ...], SOME] | None = None
    outside_catchment: YesNo | None = None


class ReferralSubmission(Submitted):
    """One referral. Its key is (`source_system`, `source_id`).

    Sent again with the same content it changes nothing; with other content it is an amendment. `referred_on`: the day
    that the referral bears; the wait is counted from it, where it lies shortly before the first receipt.
    """

    source_system: Slug
    source_id: Name
    predecessor_id: Id | None = None
    referred_on: Day | None = None
    patient: SubmittedPatient
    referrer: SubmittedReferrer
    answers: SubmittedAnswers = SubmittedAnswers()


class SuppliedInformation(Submitted):
    """The answer to an information request: only what is said changes."""

    answers: SubmittedAnswers = SubmittedAnswers()
    patient: SuppliedPatient | None = None
    return_channel: ReturnChannel | None = None
