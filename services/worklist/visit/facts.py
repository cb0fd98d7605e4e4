"""Private facts of visits."""

from typing import ClassVar, Literal

from schemas.codes import Discipline
from schemas.fact import Instant, PrivateFact


class VisitStep(PrivateFact):
    """What every fact of a visit says."""

    aggregate: ClassVar[str] = "visit"
    discipline: Discipline
    start: Instant


class VisitDated(VisitStep):
    """An appointment has a date, or another one."""

    type: Literal["worklist.visit_dated.v1"] = "worklist.visit_dated.v1"
    version: int


class VisitBegan(VisitStep):
    """The patient is here: somebody's work, in the discipline of the appointment."""

    type: Literal["worklist.visit_began.v1"] = "worklist.visit_began.v1"
