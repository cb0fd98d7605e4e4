"""Private facts of the record of a patient's procedures."""

from typing import Annotated, Literal

from schemas.care_plan.v1.codes import Side, SpinalLevel, SpinalRegion
from schemas.codes import PROCEDURE_FAMILY
from schemas.fact import FEW, Count, Day, Id, Percent, PrivateFact, YesNo, sensitivity


class ProcedureNoted(PrivateFact):
    """It was ordered."""

    type: Literal["care_plan.procedure_noted.v1"] = "care_plan.procedure_noted.v1"
    procedure_id: Id
    family: Annotated[str, PROCEDURE_FAMILY.passed_on, sensitivity("phi")]
    region: Annotated[SpinalRegion, sensitivity("phi")]
    side: Annotated[Side, sensitivity("phi")]
    levels: Annotated[tuple[SpinalLevel, ...], FEW, sensitivity("phi")]
    again: YesNo = False


class ProcedureDayNoted(PrivateFact):
    """It has a day, or none any more; or it was done on that day."""

    type: Literal["care_plan.procedure_day_noted.v1"] = "care_plan.procedure_day_noted.v1"
    procedure_id: Id
    on: Day | None = None
    done: bool = False
    counts: bool = True
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""


class ProcedureReliefNoted(PrivateFact):
    """What it brought."""

    type: Literal["care_plan.procedure_relief_noted.v1"] = "care_plan.procedure_relief_noted.v1"
    procedure_id: Id
    relief_pct: Annotated[Percent, sensitivity("phi")]
    relief_days: Annotated[Count | None, sensitivity("phi")] = None
    analgesics_pct: Annotated[Percent | None, sensitivity("phi")] = None
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""


class ProcedureForgotten(PrivateFact):
    """It is not going ahead."""

    type: Literal["care_plan.procedure_forgotten.v1"] = "care_plan.procedure_forgotten.v1"
    procedure_id: Id
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""
