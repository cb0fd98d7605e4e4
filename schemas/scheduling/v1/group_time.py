"""Facts of one time of a group: too few have a place of it, and what comes of that. It belongs to no patient."""

from typing import Annotated, ClassVar, Literal

from schemas.codes import Discipline
from schemas.fact import Count, Fact, Id, Instant, sensitivity
from schemas.scheduling.v1.codes import KeptBecause


class GroupFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "group_time"


class GroupShort(GroupFact):
    """So near to its start fewer have a place than a group needs, or than when it was said that it takes place anyway.
    Somebody decides."""

    type: Literal["scheduling.group_short.v1"] = "scheduling.group_short.v1"
    group_id: Id
    clinician_id: Id
    discipline: Annotated[Discipline, sensitivity("phi")]
    start: Instant
    sold: Count
    least: Count


class GroupSettled(GroupFact):
    """Nobody has to decide any more: enough have a place again, or nobody has one; somebody has decided, by name; or it
    has begun."""

    type: Literal["scheduling.group_settled.v1"] = "scheduling.group_settled.v1"
    group_id: Id
    outcome: Literal["filled", "empty", "kept", "called_off", "begun"]
    sold: Count
    reason: KeptBecause | None = None
    decided_by: Id | None = None
