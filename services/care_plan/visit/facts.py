"""Private facts of visits."""

from typing import Annotated, Literal

from schemas.codes import Discipline
from schemas.fact import Code, Id, Instant, PrivateFact
from schemas.scheduling.v1.codes import PURPOSE


class VisitNoted(PrivateFact):
    """An appointment, as far as this service needs to know of it."""

    type: Literal["care_plan.visit_noted.v1"] = "care_plan.visit_noted.v1"
    purpose: Annotated[str, PURPOSE.passed_on]
    discipline: Discipline
    start: Instant
    version: int
    activity_id: Id | None = None
    procedure_id: Id | None = None


class VisitMoved(PrivateFact):
    """It has another time."""

    type: Literal["care_plan.visit_moved.v1"] = "care_plan.visit_moved.v1"
    start: Instant
    version: int


class VisitEnded(PrivateFact):
    """Attended, missed, cancelled; or missed by mistake."""

    type: Literal["care_plan.visit_ended.v1"] = "care_plan.visit_ended.v1"
    how: Code
