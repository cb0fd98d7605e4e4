"""Facts of a conflict between active orders of one patient (MDT-03)."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import ConflictKind, ConflictResolution
from schemas.fact import FEW, Day, Fact, Id, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType


class ConflictFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "conflict"


class ConflictDetected(Proposal, ConflictFact):
    """Two orders do not go together."""

    type: Literal["care_plan.conflict_detected.v1"] = "care_plan.conflict_detected.v1"
    conflict_id: Id
    kind: Annotated[ConflictKind, sensitivity("phi")]
    activity_ids: Annotated[tuple[Id, ...], FEW]
    procedure_id: Id | None = None
    on: Day | None = None
    """The first day on which they would be in each other's way."""


class ConflictResolved(Answer, ConflictFact):
    """A clinician decided how they go together (`decided_by`), or what was in the way went away."""

    type: Literal["care_plan.conflict_resolved.v1"] = "care_plan.conflict_resolved.v1"
    conflict_id: Id
    kind: Annotated[ConflictKind, sensitivity("phi")]
    activity_ids: Annotated[tuple[Id, ...], FEW]
    resolution: ConflictResolution
    procedure_id: Id | None = None
    decided_by: Id | None = None
    answers_to = (ConflictDetected,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "declined" if self.resolution == "accepted" else "taken"
