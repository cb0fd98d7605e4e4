"""Facts of an investigation: ordered, not done by its day, reported, read or cancelled."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import (
    InvestigationCancelledFor,
    InvestigationEnd,
    InvestigationKind,
    InvestigationResult,
    NotInvestigated,
)
from schemas.fact import Count, Day, Fact, Id, sensitivity


class InvestigationFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "investigation"


class InvestigationOrdered(InvestigationFact):
    """Asked for, or asked for again (`times`), by a day; `responsible_id` reads what it finds."""

    type: Literal["care_plan.investigation_ordered.v1"] = "care_plan.investigation_ordered.v1"
    investigation_id: Id
    kind: Annotated[InvestigationKind, sensitivity("phi")]
    due_on: Day
    times: Count
    responsible_id: Id
    ordered_by: Id


class InvestigationFellDue(InvestigationFact):
    """It was not done, or nothing was heard by its day: somebody orders it again or cancels it."""

    type: Literal["care_plan.investigation_fell_due.v1"] = "care_plan.investigation_fell_due.v1"
    investigation_id: Id
    kind: Annotated[InvestigationKind, sensitivity("phi")]
    due_on: Day
    cause: NotInvestigated
    responsible_id: Id


class InvestigationReported(InvestigationFact):
    """What it found has come, and nobody has read it."""

    type: Literal["care_plan.investigation_reported.v1"] = "care_plan.investigation_reported.v1"
    investigation_id: Id
    kind: Annotated[InvestigationKind, sensitivity("phi")]
    responsible_id: Id


class InvestigationSettled(InvestigationFact):
    """Read, with how it goes on; or cancelled by a clinician, with why."""

    type: Literal["care_plan.investigation_settled.v1"] = "care_plan.investigation_settled.v1"
    investigation_id: Id
    kind: Annotated[InvestigationKind, sensitivity("phi")]
    how: InvestigationEnd
    result: Annotated[InvestigationResult | None, sensitivity("phi")] = None
    reason: InvestigationCancelledFor | None = None
    decided_by: Id
