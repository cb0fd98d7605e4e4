"""Facts of outcome measures: requested, received, scored, looked at."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import Finding, Instrument, MissingStage, Occasion
from schemas.fact import Code, Day, Dec, Fact, Id, Instant, sensitivity


class MeasureFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "measure_request"


class MeasureRequested(MeasureFact):
    """By schedule or by a clinician."""

    type: Literal["care_plan.measure_requested.v1"] = "care_plan.measure_requested.v1"
    request_id: Id
    occasion: Occasion
    instruments: Annotated[tuple[Instrument, ...], sensitivity("phi")]
    due_on: Day
    appointment_id: Id | None = None


class MeasureNotReceived(MeasureFact):
    """The day before without an answer, or the date passed."""

    type: Literal["care_plan.measure_not_received.v1"] = "care_plan.measure_not_received.v1"
    request_id: Id
    stage: MissingStage
    outstanding: Annotated[tuple[Instrument, ...], sensitivity("phi")]


class MeasureScored(MeasureFact):
    """Valid answers. `score` is exact; `item_sum` where the score is a mean of whole items."""

    type: Literal["care_plan.measure_scored.v1"] = "care_plan.measure_scored.v1"
    request_id: Id
    submission_id: Id
    instrument: Annotated[Instrument, sensitivity("phi")]
    instrument_version: Code
    loinc: Code | None = None
    score: Annotated[Dec, sensitivity("phi")]
    item_sum: Annotated[int | None, sensitivity("phi")] = None
    change: Annotated[Dec | None, sensitivity("phi")] = None
    change_pct: Annotated[Dec | None, sensitivity("phi")] = None
    responder: Annotated[bool | None, sensitivity("phi")] = None
    band: Annotated[Code | None, sensitivity("phi")] = None
    findings: Annotated[tuple[Finding, ...], sensitivity("psy")]
    algorithm_version: Code
    taken_at: Instant


class MeasureNotScored(MeasureFact):
    """No valid score (OUT-09), or declined."""

    type: Literal["care_plan.measure_not_scored.v1"] = "care_plan.measure_not_scored.v1"
    request_id: Id
    submission_id: Id | None = None
    instrument: Annotated[Instrument, sensitivity("phi")]
    reason: Code


class FindingReviewed(MeasureFact):
    """A clinician looked at it."""

    type: Literal["care_plan.finding_reviewed.v1"] = "care_plan.finding_reviewed.v1"
    submission_id: Id
    finding: Annotated[Finding, sensitivity("psy")]
    decision: Code
    decided_by: Id
