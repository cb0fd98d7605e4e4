"""Facts of outcome measures: requested, received, scored, looked at."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import (
    Band,
    Finding,
    FindingDecision,
    Instrument,
    MissingStage,
    NotScored,
    Occasion,
    ScoreError,
    Subscale,
)
from schemas.fact import FEW, Count, Day, Dec, Fact, Id, Instant, Loinc, Part, Version, YesNo, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType


class MeasureFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "measure_request"


class MeasureRequested(MeasureFact):
    """By schedule or by a clinician."""

    type: Literal["care_plan.measure_requested.v1"] = "care_plan.measure_requested.v1"
    request_id: Id
    occasion: Occasion
    instruments: Annotated[tuple[Instrument, ...], FEW, sensitivity("phi")]
    due_on: Day
    appointment_id: Id | None = None
    interview: YesNo | None = None
    """Staff ask the questions where the patient is: nobody is invited or reminded."""


class MeasureNotReceived(MeasureFact):
    """The day before without an answer, or the date passed."""

    type: Literal["care_plan.measure_not_received.v1"] = "care_plan.measure_not_received.v1"
    request_id: Id
    stage: MissingStage
    outstanding: Annotated[tuple[Instrument, ...], FEW, sensitivity("phi")]
    due_on: Day | None = None
    """For which day they were asked for."""


class PartScore(Part):
    """The score of a subscale, beside that of the whole."""

    subscale: Subscale
    score: Dec


class MeasureScored(Proposal, MeasureFact):
    """Valid answers. `score` is exact; `item_sum` where the score is a mean of whole items; one fact for each subscale
    of an instrument that has no score as a whole; of one that has, `parts` are the scores of its subscales."""

    type: Literal["care_plan.measure_scored.v1"] = "care_plan.measure_scored.v1"
    request_id: Id
    submission_id: Id
    instrument: Annotated[Instrument, sensitivity("phi")]
    subscale: Annotated[Subscale | None, sensitivity("phi")] = None
    instrument_version: Version
    loinc: Loinc | None = None
    score: Annotated[Dec, sensitivity("phi")]
    item_sum: Annotated[Count | None, sensitivity("phi")] = None
    parts: Annotated[tuple[PartScore, ...] | None, FEW, sensitivity("phi")] = None
    change: Annotated[Dec | None, sensitivity("phi")] = None
    change_pct: Annotated[Dec | None, sensitivity("phi")] = None
    responder: Annotated[YesNo | None, sensitivity("phi")] = None
    band: Annotated[Band | None, sensitivity("phi")] = None
    findings: Annotated[tuple[Finding, ...], FEW, sensitivity("psy")]
    algorithm_version: Version
    taken_at: Instant

    @property
    def questions(self) -> tuple[str, ...]:
        """Each finding is looked at."""
        return tuple(f"{self.submission_id}:{finding}" for finding in self.findings)


class MeasureNotScored(MeasureFact):
    """No valid score (OUT-09), or declined."""

    type: Literal["care_plan.measure_not_scored.v1"] = "care_plan.measure_not_scored.v1"
    request_id: Id
    submission_id: Id | None = None
    instrument: Annotated[Instrument, sensitivity("phi")]
    reason: NotScored


class LeftFinding(Part):
    """One of the same request that nobody has looked at."""

    submission_id: Id
    finding: Annotated[Finding, sensitivity("psy")]


class FindingReviewed(Answer, MeasureFact):
    """A clinician looked at it. `left`: at which others of the same request nobody has."""

    type: Literal["care_plan.finding_reviewed.v1"] = "care_plan.finding_reviewed.v1"
    submission_id: Id
    finding: Annotated[Finding, sensitivity("psy")]
    decision: FindingDecision
    decided_by: Id
    left: Annotated[tuple[LeftFinding, ...] | None, FEW] = None
    answers_to = (MeasureScored,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        if question != f"{self.submission_id}:{self.finding}":
            return None
        return "declined" if self.decision == "no_action" else "taken"


class MeasureEnteredInError(Answer, MeasureFact):
    """A score is none: it is another patient's, or was misheard. `findings`: what was found in it and nobody had looked
    at is withdrawn; `left`: what nobody has looked at of the same request. What followed from it is looked at again."""

    type: Literal["care_plan.measure_entered_in_error.v1"] = "care_plan.measure_entered_in_error.v1"
    request_id: Id
    submission_id: Id
    instrument: Annotated[Instrument, sensitivity("phi")]
    reason: ScoreError
    decided_by: Id
    findings: Annotated[tuple[Finding, ...], FEW, sensitivity("psy")]
    left: Annotated[tuple[LeftFinding, ...] | None, FEW] = None
    answers_to = (MeasureScored,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        submission, _, finding = question.partition(":")
        withdrawn = submission == self.submission_id and finding in self.findings
        return "other" if withdrawn else None
