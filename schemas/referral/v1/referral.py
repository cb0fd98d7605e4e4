"""Facts of a referral, from its receipt to the clinic's decision."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.codes import (
    Clock,
    Complexity,
    MedicationFlag,
    Move,
    Priority,
    Reason,
    RedFlag,
    RedFlagResult,
    RedFlagSource,
    ReferralStatus,
    ReferrerType,
    Severity,
)
from schemas.fact import Code, Day, Dec, Fact, Id, Instant, Uri, sensitivity


class ReferralFact(Fact):
    """A fact of one referral."""

    aggregate: ClassVar[str] = "referral"


class MedicationItem(BaseModel):
    """One coded drug. Doses are exact decimals in `dose_unit`, `per_day` times a day."""

    model_config = ConfigDict(frozen=True)

    code: Annotated[Code, sensitivity("phi")]
    code_system: Uri
    dose: Annotated[Dec | None, sensitivity("phi")] = None
    dose_unit: Code | None = None
    per_day: Annotated[Dec | None, sensitivity("phi")] = None
    route: Code | None = None
    as_needed: bool


class ReferralReceived(ReferralFact):
    """The package was accepted for processing (TID 01). The waiting clock starts."""

    type: Literal["referral.received.v1"] = "referral.received.v1"
    source_system: Code
    source_key_ref: Id
    referrer_type: ReferrerType
    referrer_org_id: Id
    predecessor_id: Id | None = None
    clock_start: Instant
    onset_month: Annotated[Day | None, sensitivity("phi")] = None
    duration_months: Annotated[int | None, sensitivity("phi")] = None
    body_sites: Annotated[tuple[Code, ...], sensitivity("phi")]
    condition_codes: Annotated[tuple[Code, ...], sensitivity("phi")]
    reason: Reason | None = None
    medication_flags: Annotated[tuple[MedicationFlag, ...], sensitivity("sud")]
    payer_profile: Code | None = None


class MedicationsListed(ReferralFact):
    """The drug list, with the receipt and whenever it changes."""

    type: Literal["referral.medications_listed.v1"] = "referral.medications_listed.v1"
    items: Annotated[tuple[MedicationItem, ...], sensitivity("phi")]
    complete: bool


class ReferralAmended(ReferralFact):
    """The same source key came with new content."""

    type: Literal["referral.amended.v1"] = "referral.amended.v1"
    changed: tuple[Code, ...]
    version: int


class FoundIncomplete(ReferralFact):
    """Required fields of the data set are missing (REF-01): all of them, at once."""

    type: Literal["referral.found_incomplete.v1"] = "referral.found_incomplete.v1"
    missing: tuple[Code, ...]
    not_performed: tuple[Code, ...] | None = None


class FoundComplete(ReferralFact):
    """Everything required was answered."""

    type: Literal["referral.found_complete.v1"] = "referral.found_complete.v1"
    version: int


class InformationRequested(ReferralFact):
    """The referrer was asked for what is missing (X01)."""

    type: Literal["referral.information_requested.v1"] = "referral.information_requested.v1"
    missing: tuple[Code, ...]
    reminder_on: Day
    decide_on: Day
    clock: Clock


class InformationNotReceived(ReferralFact):
    """No reply by day 14 (`reminder`) or day 21 (`decision`) (REF-08)."""

    type: Literal["referral.information_not_received.v1"] = "referral.information_not_received.v1"
    stage: Literal["reminder", "decision"]
    missing: tuple[Code, ...]


class InformationSupplied(ReferralFact):
    """The referrer answered (X02)."""

    type: Literal["referral.information_supplied.v1"] = "referral.information_supplied.v1"
    supplied: tuple[Code, ...]
    still_missing: tuple[Code, ...]


class RedFlagRaised(ReferralFact):
    """A flag is `yes` (REF-02). Comes before everything that can delay."""

    type: Literal["referral.red_flag_raised.v1"] = "referral.red_flag_raised.v1"
    flag_id: Id
    flag: Annotated[RedFlag, sensitivity("psy")]
    severity: Severity
    source: RedFlagSource


class RedFlagUnclear(ReferralFact):
    """Flags are `unknown` while urgency is undecided (REF-03)."""

    type: Literal["referral.red_flag_unclear.v1"] = "referral.red_flag_unclear.v1"
    flags: Annotated[tuple[RedFlag, ...], sensitivity("psy")]


class RedFlagResolved(ReferralFact):
    """A named clinician assessed the flag."""

    type: Literal["referral.red_flag_resolved.v1"] = "referral.red_flag_resolved.v1"
    flag_id: Id
    flag: Annotated[RedFlag, sensitivity("psy")]
    result: RedFlagResult
    decided_by: Id


class TriageSuggested(ReferralFact):
    """What the rules propose to the triage clinician. Nothing is decided."""

    type: Literal["referral.triage_suggested.v1"] = "referral.triage_suggested.v1"
    category: Code
    complexity: Complexity | None = None
    concerns: Annotated[tuple[Code, ...], sensitivity("phi")]
    advisories: Annotated[tuple[Code, ...], sensitivity("sud")]


class ReferralTriaged(ReferralFact):
    """A named clinician decided the urgency (REF-06, REF-12). `target_days` in calendar days."""

    type: Literal["referral.triaged.v1"] = "referral.triaged.v1"
    triage_no: int
    scheme: Code
    category: Code
    priority: Priority
    target_days: int
    target_date: Day
    complexity: Complexity | None = None
    agrees_with_suggestion: bool
    decided_by: Id
    note_ref: Id


class ReferralAccepted(ReferralFact):
    """The clinic took responsibility (TID 02). Scheduling may now offer a first consultation."""

    type: Literal["referral.accepted.v1"] = "referral.accepted.v1"
    category: Code
    target_date: Day
    decided_by: Id


class ReferralRejected(ReferralFact):
    """The clinic does not take the patient on, with code and advice (REF-09)."""

    type: Literal["referral.rejected.v1"] = "referral.rejected.v1"
    code: Code
    disposition: Literal["rejected", "advice_only"]
    advice_ref: Id
    decided_by: Id
    may_reopen_until: Day | None = None


class ReferralRedirected(ReferralFact):
    """Another service fits better; code and advice go with it."""

    type: Literal["referral.redirected.v1"] = "referral.redirected.v1"
    code: Code
    to_service: Code
    advice_ref: Id
    decided_by: Id


class ReferralProgressed(ReferralFact):
    """Another move of the state machine, by its transition id."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, serialize_by_alias=True)

    type: Literal["referral.progressed.v1"] = "referral.progressed.v1"
    from_: ReferralStatus = Field(alias="from")
    to: ReferralStatus
    tid: Move


class TargetChanged(ReferralFact):
    """The date by which the patient should be seen moved."""

    type: Literal["referral.target_changed.v1"] = "referral.target_changed.v1"
    target_date: Day
    previous: Day
    cause: Code


class ReferralWaitlisted(ReferralFact):
    """The patient waits for a date (X06, X10, X11)."""

    type: Literal["referral.waitlisted.v1"] = "referral.waitlisted.v1"
    since: Instant
    cause: Code


class ReferralCompleted(ReferralFact):
    """The referral came to its end (TID 09, 16, 24, 30, X12)."""

    type: Literal["referral.completed.v1"] = "referral.completed.v1"
    outcome: Annotated[Code, sensitivity("phi")]
    discharge_reason: Annotated[Code | None, sensitivity("phi")] = None
