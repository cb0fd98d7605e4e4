"""Facts of a referral, from its receipt to the clinic's decision."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from schemas.care_plan.v1.codes import DISCHARGE_REASON
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
from schemas.fact import (
    FEW,
    SOME,
    ClinicalCode,
    Count,
    Day,
    Fact,
    Id,
    Instant,
    SchemeName,
    Slug,
    Word,
    YesNo,
    sensitivity,
)
from schemas.proposal import Answer, Outcome, Proposal, ProposalType
from schemas.referral.v1.codes import (
    Advisory,
    Asking,
    BodySite,
    CancellationReason,
    DataField,
    Ending,
    ReferralOutcome,
    Standing,
    TargetCause,
    WaitlistCause,
)


class ReferralFact(Fact):
    """A fact of one referral."""

    aggregate: ClassVar[str] = "referral"


class ReferralReceived(ReferralFact):
    """The package was accepted for processing (TID 01). The waiting clock starts."""

    type: Literal["referral.received.v1"] = "referral.received.v1"
    source_system: Slug
    source_key_ref: Id
    referrer_type: ReferrerType
    referrer_org_id: Id
    predecessor_id: Id | None = None
    clock_start: Instant
    onset_month: Annotated[Day | None, sensitivity("phi")] = None
    duration_months: Annotated[Count | None, sensitivity("phi")] = None
    body_sites: Annotated[tuple[BodySite, ...], SOME, sensitivity("phi")]
    condition_codes: Annotated[tuple[ClinicalCode, ...], SOME, sensitivity("phi")]
    reason: Reason | None = None
    medication_flags: Annotated[tuple[MedicationFlag, ...], FEW, sensitivity("sud")]
    payer_profile: Slug | None = None


class ReferralAmended(ReferralFact):
    """The same source key came with new content. `status`: as it stood then; once decided, somebody has to look."""

    type: Literal["referral.amended.v1"] = "referral.amended.v1"
    changed: Annotated[tuple[DataField, ...], SOME]
    version: Count
    status: ReferralStatus | None = None


class AmendmentReviewed(ReferralFact):
    """Whoever works on the referral has looked at what its sender changed, up to this version of it."""

    type: Literal["referral.amendment_reviewed.v1"] = "referral.amendment_reviewed.v1"
    version: Count
    decided_by: Id


class FoundIncomplete(ReferralFact):
    """Required fields of the data set are missing (REF-01): all of them, at once."""

    type: Literal["referral.found_incomplete.v1"] = "referral.found_incomplete.v1"
    missing: Annotated[tuple[DataField, ...], SOME]
    not_performed: Annotated[tuple[DataField, ...], SOME] | None = None


class FoundComplete(ReferralFact):
    """Everything required was answered."""

    type: Literal["referral.found_complete.v1"] = "referral.found_complete.v1"
    version: Count


class InformationRequested(ReferralFact):
    """The referrer was asked for what is missing (X01)."""

    type: Literal["referral.information_requested.v1"] = "referral.information_requested.v1"
    missing: Annotated[tuple[DataField, ...], SOME]
    reminder_on: Day
    decide_on: Day
    clock: Clock


class InformationNotReceived(Proposal, ReferralFact):
    """No reply by day 14 (`reminder`) or day 21 (`decision`) (REF-08)."""

    type: Literal["referral.information_not_received.v1"] = "referral.information_not_received.v1"
    stage: Literal["reminder", "decision"]
    missing: Annotated[tuple[DataField, ...], SOME]


class InformationSupplied(ReferralFact):
    """The referrer answered (X02)."""

    type: Literal["referral.information_supplied.v1"] = "referral.information_supplied.v1"
    supplied: Annotated[tuple[DataField, ...], SOME]
    still_missing: Annotated[tuple[DataField, ...], SOME]


class RedFlagRaised(Proposal, ReferralFact):
    """A flag is `yes` (REF-02). Comes before everything that can delay."""

    type: Literal["referral.red_flag_raised.v1"] = "referral.red_flag_raised.v1"
    flag_id: Id
    flag: Annotated[RedFlag, sensitivity("psy")]
    severity: Severity
    source: RedFlagSource
    still_unclear: Annotated[tuple[RedFlag, ...] | None, FEW, sensitivity("psy")] = None
    """Flags that nobody could answer yet; absent when there are none."""
    because: Word | None = None
    """`rule_failed`: the screen could not be evaluated (PRV-34). `death_settled`: the patient lives after all."""

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.flag_id,)


class RedFlagUnclear(ReferralFact):
    """Flags are `unknown` while urgency is undecided (REF-03)."""

    type: Literal["referral.red_flag_unclear.v1"] = "referral.red_flag_unclear.v1"
    flags: Annotated[tuple[RedFlag, ...], FEW, sensitivity("psy")]


class RedFlagResolved(Answer, ReferralFact):
    """A named clinician assessed the flag."""

    type: Literal["referral.red_flag_resolved.v1"] = "referral.red_flag_resolved.v1"
    flag_id: Id
    flag: Annotated[RedFlag, sensitivity("psy")]
    result: RedFlagResult
    decided_by: Id
    still_unclear: Annotated[tuple[RedFlag, ...] | None, FEW, sensitivity("psy")] = None
    """Flags that nobody could answer yet; absent when there are none."""
    answers_to = (RedFlagRaised,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        if question != self.flag_id:
            return None
        return "declined" if self.result == "not_present" else "taken"


class TriageSuggested(Proposal, ReferralFact):
    """What the rules propose to the triage clinician. Nothing is decided. `inputs`: the package."""

    type: Literal["referral.triage_suggested.v1"] = "referral.triage_suggested.v1"
    category: Word
    complexity: Complexity | None = None
    concerns: Annotated[tuple[Word, ...], SOME, sensitivity("phi")]
    advisories: Annotated[tuple[Advisory, ...], SOME, sensitivity("sud")]


class ReferralTriaged(Answer, ReferralFact):
    """A named clinician decided the urgency (REF-06, REF-12). `target_days` in calendar days."""

    type: Literal["referral.triaged.v1"] = "referral.triaged.v1"
    triage_no: Count
    scheme: SchemeName
    category: Word
    priority: Priority
    target_days: Count
    target_date: Day
    complexity: Complexity | None = None
    agrees_with_suggestion: YesNo
    decided_by: Id
    note_ref: Id
    answers_to = (TriageSuggested,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "taken" if self.agrees_with_suggestion else "other"


class ReferralAccepted(ReferralFact):
    """The clinic took responsibility (TID 02). Scheduling may now offer a first consultation."""

    type: Literal["referral.accepted.v1"] = "referral.accepted.v1"
    category: Word
    target_date: Day
    decided_by: Id


class DecidedOtherwise(Answer, ReferralFact):
    """Neither what was suggested, nor more waiting for information."""

    answers_to = (TriageSuggested, InformationNotReceived)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "other" if proposal is TriageSuggested else "taken"


class ReferralRejected(DecidedOtherwise):
    """The clinic does not take the patient on, with code and advice (REF-09)."""

    type: Literal["referral.rejected.v1"] = "referral.rejected.v1"
    code: Ending
    disposition: Literal["rejected", "advice_only"]
    advice_ref: Id
    decided_by: Id
    may_reopen_until: Day | None = None


class ReferralRedirected(DecidedOtherwise):
    """Another service fits better; code and advice go with it."""

    type: Literal["referral.redirected.v1"] = "referral.redirected.v1"
    code: Ending
    to_service: Word
    advice_ref: Id
    decided_by: Id


class ReferralProgressed(Answer, ReferralFact):
    """Another move of the state machine, by its transition id."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, serialize_by_alias=True)

    type: Literal["referral.progressed.v1"] = "referral.progressed.v1"
    from_: ReferralStatus = Field(alias="from")
    to: ReferralStatus
    tid: Move
    answers_to = (InformationNotReceived,)


class TargetChanged(ReferralFact):
    """The date by which the patient should be seen moved. `standing`: how the wait stands by the new one (REF-07)."""

    type: Literal["referral.target_changed.v1"] = "referral.target_changed.v1"
    target_date: Day
    previous: Day
    cause: TargetCause
    standing: Standing | None = None


class ReferralWaitlisted(ReferralFact):
    """The patient waits for a date (X06, X10, X11)."""

    type: Literal["referral.waitlisted.v1"] = "referral.waitlisted.v1"
    since: Instant
    cause: WaitlistCause


class ReferralCompleted(ReferralFact):
    """The referral came to its end (TID 09, 16, 24, 30, X12)."""

    type: Literal["referral.completed.v1"] = "referral.completed.v1"
    outcome: Annotated[ReferralOutcome, sensitivity("phi")]
    discharge_reason: Annotated[str | None, DISCHARGE_REASON.passed_on, sensitivity("phi")] = None
    decided_by: Id | None = None


class CancellationRequested(ReferralFact):
    """Referrer or patient take the referral back (TID 04, 07, 14, 20, 22, 28, X05, X09). Nothing more is offered."""

    type: Literal["referral.cancellation_requested.v1"] = "referral.cancellation_requested.v1"
    by: Asking
    reason: CancellationReason


class ReferralWithdrawn(ReferralFact):
    """A coordinator confirmed it (TID 23)."""

    type: Literal["referral.withdrawn.v1"] = "referral.withdrawn.v1"
    by: Asking
    reason: CancellationReason
    confirmed_by: Id
