"""Private facts of the renal function."""

from typing import Annotated, Literal

from schemas.care_plan.v1.codes import RENAL_MEASURE
from schemas.fact import Day, Dec, Id, PrivateFact, sensitivity


class RenalFunctionNoted(PrivateFact):
    """The value of a day; without one: it was entered by mistake, and there is none."""

    type: Literal["care_plan.renal_function_noted.v1"] = "care_plan.renal_function_noted.v1"
    taken_on: Day
    measure: Annotated[str, RENAL_MEASURE.passed_on]
    ml_per_min: Annotated[Dec | None, sensitivity("phi")] = None
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""
