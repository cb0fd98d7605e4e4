"""Facts of a procedure: ordered, performed, what it brought, cancelled. Families: Huddle's own, never CPT's words."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import (
    BleedingRisk,
    CareReason,
    Complication,
    CoverageRisk,
    SequenceRole,
    Side,
    SpinalLevel,
    SpinalRegion,
)
from schemas.codes import GateKind, ProcedureFamily
from schemas.fact import FEW, Count, Day, Fact, Id, Instant, Percent, YesNo, sensitivity


class ProcedureFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "procedure"


class ProcedureOrdered(ProcedureFact):
    """What is to be done, where, and what must be true before it (`gates`). Those that are `met` are so already;
    `previous_id`: the procedure before it, whose outcome must be known (PRC-04). `again`: wanted although the same was
    ordered already.
    """

    type: Literal["care_plan.procedure_ordered.v1"] = "care_plan.procedure_ordered.v1"
    procedure_id: Id
    family: Annotated[ProcedureFamily, sensitivity("phi")]
    region: Annotated[SpinalRegion, sensitivity("phi")]
    side: Annotated[Side, sensitivity("phi")]
    levels: Annotated[tuple[SpinalLevel, ...], FEW, sensitivity("phi")]
    sequence_role: Annotated[SequenceRole | None, sensitivity("phi")] = None
    bleeding_risk: Annotated[BleedingRisk, sensitivity("phi")]
    gates: Annotated[tuple[GateKind, ...], FEW, sensitivity("phi")]
    met: Annotated[tuple[GateKind, ...], FEW, sensitivity("phi")] = ()
    previous_id: Id | None = None
    plan_id: Id | None = None
    not_before: Day | None = None
    again: YesNo = False
    coverage_risk: Annotated[CoverageRisk | None, sensitivity("phi")] = None


class ProcedureOutcomeNeeded(ProcedureFact):
    """Another one of its line was done after this one was ordered: it waits for what that one brought (PRC-04)."""

    type: Literal["care_plan.procedure_outcome_needed.v1"] = "care_plan.procedure_outcome_needed.v1"
    procedure_id: Id
    previous_id: Id


class ProcedureOutcomeSettled(ProcedureFact):
    """What it waited for is `known` now, under whatever referral or record; or the one before was another person's, and
    nobody waits for it any more (PRC-04)."""

    type: Literal["care_plan.procedure_outcome_settled.v1"] = "care_plan.procedure_outcome_settled.v1"
    procedure_id: Id
    previous_id: Id
    known: YesNo


class ProcedurePerformed(ProcedureFact):
    """It was done."""

    type: Literal["care_plan.procedure_performed.v1"] = "care_plan.procedure_performed.v1"
    procedure_id: Id
    appointment_id: Id
    ended_at: Instant
    complications: Annotated[tuple[Complication, ...], FEW, sensitivity("phi")]


class ProcedureOutcomeRecorded(ProcedureFact):
    """What it brought. `qualifies`: as a diagnostic block before an ablation (PRC-03), as a trial before a
    stimulator (PRC-07)."""

    type: Literal["care_plan.procedure_outcome_recorded.v1"] = "care_plan.procedure_outcome_recorded.v1"
    procedure_id: Id
    relief_pct: Annotated[Percent, sensitivity("phi")]
    relief_days: Annotated[Count | None, sensitivity("phi")] = None
    analgesics_pct: Annotated[Percent | None, sensitivity("phi")] = None
    """How much less of them is taken."""
    qualifies: Annotated[YesNo, sensitivity("phi")]


class ProcedureCancelled(ProcedureFact):
    """It is not going ahead."""

    type: Literal["care_plan.procedure_cancelled.v1"] = "care_plan.procedure_cancelled.v1"
    procedure_id: Id
    reason: CareReason
