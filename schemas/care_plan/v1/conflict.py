"""Facts of a conflict between active orders of one patient (MDT-03)."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import ConflictKind, ConflictResolution
from schemas.fact import FEW, Fact, Id, sensitivity


class ConflictFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "conflict"


class ConflictDetected(ConflictFact):
    """Two orders do not go together."""

    type: Literal["care_plan.conflict_detected.v1"] = "care_plan.conflict_detected.v1"
    conflict_id: Id
    kind: Annotated[ConflictKind, sensitivity("phi")]
    activity_ids: Annotated[tuple[Id, ...], FEW]


class ConflictResolved(ConflictFact):
    """A person decided how they go together, or what was in the way went away."""

    type: Literal["care_plan.conflict_resolved.v1"] = "care_plan.conflict_resolved.v1"
    conflict_id: Id
    kind: Annotated[ConflictKind, sensitivity("phi")]
    activity_ids: Annotated[tuple[Id, ...], FEW]
    resolution: ConflictResolution
