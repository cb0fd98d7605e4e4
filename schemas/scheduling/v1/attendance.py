"""Facts of an attendance case: a clinician looks before anything follows from a missed visit."""

from typing import Annotated, ClassVar, Literal

from schemas.fact import FEW, Count, Fact, Id
from schemas.proposal import Answer, Proposal
from schemas.scheduling.v1.codes import EXEMPTION, AttendanceDecision, AttendanceTrigger, Exemption


class AttendanceFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "attendance_case"


class AttendanceReviewRequested(Proposal, AttendanceFact):
    """A rule asks for a clinical review (ATT-02, ATT-03, ATT-04)."""

    type: Literal["scheduling.attendance_review_requested.v1"] = "scheduling.attendance_review_requested.v1"
    case_id: Id
    trigger: AttendanceTrigger
    dna_count: Count
    cna_count: Count
    refusal_count: Count
    exemptions: Annotated[tuple[Annotated[str, EXEMPTION.passed_on], ...], FEW] | None = None
    """What speaks for the patient, as was known when they did not come (ATT-07)."""


class AttendanceReviewed(Answer, AttendanceFact):
    """A clinician decided."""

    type: Literal["scheduling.attendance_reviewed.v1"] = "scheduling.attendance_reviewed.v1"
    case_id: Id
    decision: AttendanceDecision
    decided_by: Id
    note_ref: Id
    despite: Annotated[tuple[Exemption, ...], FEW] | None = None
    """What speaks for the patient and was looked at before they were let go (ATT-07)."""
    answers_to = (AttendanceReviewRequested,)
