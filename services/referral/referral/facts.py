"""Private facts: steps that nobody outside needs. They go to this service's journal only."""

from typing import Annotated, Literal

from schemas.fact import Code, Day, Id, Instant, PrivateFact, sensitivity
from schemas.proposal import Answer, Outcome, ProposalType
from schemas.referral.v1.duplicate import DuplicateSuspected


class PackageFiled(PrivateFact):
    """The package as it is now was stored as content. Nobody outside may read it."""

    type: Literal["referral.package_filed.v1"] = "referral.package_filed.v1"
    package_ref: Id
    submitted_ref: Id
    """What its sender said last, before others supplied anything."""
    version: int
    age_years: int | None = None


class VisitNoted(PrivateFact):
    """What is known of the first visit: its appointment, that it took place, what came of it."""

    type: Literal["referral.visit_noted.v1"] = "referral.visit_noted.v1"
    appointment_id: Id | None = None
    attended_at: Instant | None = None
    outcome: Code | None = None
    detail: Code | None = None
    ends: bool = False
    decided_by: Id | None = None
    source_id: Id


class UnavailabilityNoted(PrivateFact):
    """A time that is deducted from the wait (ATT-06)."""

    type: Literal["referral.unavailability_noted.v1"] = "referral.unavailability_noted.v1"
    period_id: Id
    start: Day
    end: Day | None = None


class ClockReset(PrivateFact):
    """A clinician decided that the wait begins anew."""

    type: Literal["referral.clock_reset.v1"] = "referral.clock_reset.v1"
    clock_start: Instant


class RedFlagAcknowledged(PrivateFact):
    """Whoever was called about it has taken it up. It stays open."""

    type: Literal["referral.red_flag_acknowledged.v1"] = "referral.red_flag_acknowledged.v1"
    flag_id: Id
    by_id: Id
    at: Instant


class DoseNoted(PrivateFact):
    """Whether the patient's dose of opioids is high, as it was assessed `at`."""

    type: Literal["referral.opioid_dose_noted.v1"] = "referral.opioid_dose_noted.v1"
    high: Annotated[bool, sensitivity("phi")]
    at: Instant


class NoteFiled(PrivateFact):
    """A person wrote why; what it is about is the command's name."""

    type: Literal["referral.note_filed.v1"] = "referral.note_filed.v1"
    note_ref: Id
    about: Code


class ReferralReopened(PrivateFact):
    """It ended by mistake, and goes on as another referral; this one stays as it is."""

    type: Literal["referral.reopened.v1"] = "referral.reopened.v1"
    successor_id: Id
    by_id: Id


class ReferralContinued(PrivateFact):
    """It goes on from one that ended by mistake."""

    type: Literal["referral.continued.v1"] = "referral.continued.v1"
    predecessor_id: Id


class LinkedAsDuplicate(Answer, PrivateFact):
    """X13: this referral ends, the other goes on; outside it is told of the one that is kept."""

    type: Literal["referral.linked_as_duplicate.v1"] = "referral.linked_as_duplicate.v1"
    kept_id: Id
    decided_by: Id
    before: tuple[Id, ...] = ()
    """What was linked with this one before: it goes on in the other too."""
    answers_to = (DuplicateSuspected,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "taken" if question == self.kept_id else None


class LinkFollowed(PrivateFact):
    """The referral with which this one was linked was linked itself."""

    type: Literal["referral.link_followed.v1"] = "referral.link_followed.v1"
    kept_id: Id


class DuplicateAttached(PrivateFact):
    """What the kept referral takes from its duplicate: the documents, and the higher urgency if it has one."""

    type: Literal["referral.duplicate_attached.v1"] = "referral.duplicate_attached.v1"
    package_ref: Id
    linked: tuple[Id, ...] = ()
    triage_no: int | None = None
    scheme: Code | None = None
    category: Code | None = None
    target_date: Day | None = None
    target_days: int | None = None
    decided_by: Id | None = None
