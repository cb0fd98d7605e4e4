"""Facts of a procedure: ordered, performed, what it brought, cancelled. Families: Huddle's own, never CPT's words."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import (
    BleedingRisk,
    CareReason,
    Complication,
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
    """What is to be done, where, and what must be true before it (`gates`)."""

    type: Literal["care_plan.procedure_ordered.v1"] = "care_plan.procedure_ordered.v1"
    procedure_id: Id
    family: Annotated[ProcedureFamily, sensitivity("phi")]
    region: Annotated[SpinalRegion, sensitivity("phi")]
    side: Annotated[Side, sensitivity("phi")]
    levels: Annotated[tuple[SpinalLevel, ...], FEW, sensitivity("phi")]
    sequence_role: Annotated[SequenceRole | None, sensitivity("phi")] = None
    bleeding_risk: Annotated[BleedingRisk, sensitivity("phi")]
    gates: Annotated[tuple[GateKind, ...], FEW, sensitivity("phi")]
    not_before: Day | None = None


class ProcedurePerformed(ProcedureFact):
    """It was done."""

    type: Literal["care_plan.procedure_performed.v1"] = "care_plan.procedure_performed.v1"
    procedure_id: Id
    appointment_id: Id
    ended_at: Instant
    complications: Annotated[tuple[Complication, ...], FEW, sensitivity("phi")]


class ProcedureOutcomeRecorded(ProcedureFact):
    """What it brought. `qualifies`: as a diagnostic block before an ablation (PRC-03)."""

    type: Literal["care_plan.procedure_outcome_recorded.v1"] = "care_plan.procedure_outcome_recorded.v1"
    procedure_id: Id
    relief_pct: Annotated[Percent, sensitivity("phi")]
    relief_days: Annotated[Count | None, sensitivity("phi")] = None
    qualifies: Annotated[YesNo, sensitivity("phi")]


class ProcedureCancelled(ProcedureFact):
    """It is not going ahead."""

    type: Literal["care_plan.procedure_cancelled.v1"] = "care_plan.procedure_cancelled.v1"
    procedure_id: Id
    reason: CareReason
