"""Facts of a time that somebody had and gave back (ATT-09). It belongs to no patient."""

from typing import Annotated, ClassVar, Literal

from schemas.codes import Discipline
from schemas.fact import Count, Fact, Id, Instant, YesNo, sensitivity
from schemas.scheduling.v1.codes import Purpose


class SlotFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "slot"


class SlotFreed(SlotFact):
    """A booked time is free again, and somebody else can be seen then. `soon`: a person has to fill it, because nobody
    is asked by the system."""

    type: Literal["scheduling.slot_freed.v1"] = "scheduling.slot_freed.v1"
    slot_id: Id
    slot_version: Count
    clinician_id: Id
    start: Instant
    discipline: Annotated[Discipline, sensitivity("phi")]
    purpose: Purpose
    soon: YesNo


class FreedSlotLeft(SlotFact):
    """Nobody who waits is left to be asked for the freed time. `soon`: a person has to fill it."""

    type: Literal["scheduling.freed_slot_left.v1"] = "scheduling.freed_slot_left.v1"
    slot_id: Id
    start: Instant
    discipline: Annotated[Discipline, sensitivity("phi")]
    purpose: Purpose
    soon: YesNo


class FreedSlotClosed(SlotFact):
    """Somebody has the freed time now, or it has passed."""

    type: Literal["scheduling.freed_slot_closed.v1"] = "scheduling.freed_slot_closed.v1"
    slot_id: Id
    outcome: Literal["booked", "passed"]
