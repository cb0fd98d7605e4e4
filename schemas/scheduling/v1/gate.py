"""Facts of what must be true before a procedure: a gate is opened, met, failed or waived by a named person."""

from typing import Annotated, ClassVar, Literal

from schemas.codes import GateKind
from schemas.fact import Day, Dec, Fact, Id, Instant, Word, YesNo, sensitivity
from schemas.scheduling.v1.codes import CheckClass, WaiverReason


class GateFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "gate"


class GateOpened(GateFact):
    """Something must be true before the procedure, or must be shown again."""

    type: Literal["scheduling.gate_opened.v1"] = "scheduling.gate_opened.v1"
    gate_id: Id
    appointment_id: Id | None = None
    procedure_id: Id
    kind: Annotated[GateKind, sensitivity("phi")]
    check_class: CheckClass
    blocks_booking: YesNo
    due_at: Instant | None = None


class GateSatisfied(GateFact):
    """There is evidence for it."""

    type: Literal["scheduling.gate_satisfied.v1"] = "scheduling.gate_satisfied.v1"
    gate_id: Id
    procedure_id: Id
    kind: Annotated[GateKind, sensitivity("phi")]
    evidence_ref: Id
    valid_from: Day | None = None
    valid_to: Day | None = None
    value: Annotated[Dec | None, sensitivity("phi")] = None


class GateFailed(GateFact):
    """There is evidence against it."""

    type: Literal["scheduling.gate_failed.v1"] = "scheduling.gate_failed.v1"
    gate_id: Id
    procedure_id: Id
    kind: Annotated[GateKind, sensitivity("phi")]
    check_class: CheckClass
    due_at: Instant | None = None
    """When the procedure begins."""
    value: Annotated[Dec | None, sensitivity("phi")] = None


class GateWaived(GateFact):
    """Whoever the rule names goes on without it."""

    type: Literal["scheduling.gate_waived.v1"] = "scheduling.gate_waived.v1"
    gate_id: Id
    procedure_id: Id
    kind: Annotated[GateKind, sensitivity("phi")]
    role: Word
    reason: WaiverReason
    decided_by: Id


class GateClosed(GateFact):
    """Nobody asks for it any more: the procedure is done, or is not going ahead."""

    type: Literal["scheduling.gate_closed.v1"] = "scheduling.gate_closed.v1"
    gate_id: Id
    procedure_id: Id
    kind: Annotated[GateKind, sensitivity("phi")]
