"""Private facts of procedures."""

from typing import Annotated, Literal

from schemas.care_plan.v1.codes import COVERAGE_RISK
from schemas.fact import Count, Day, Id, PrivateFact, RuleId, sensitivity


class ProcedureDated(PrivateFact):
    """It has a date: what payers count is asked for that day."""

    type: Literal["care_plan.procedure_dated.v1"] = "care_plan.procedure_dated.v1"
    appointment_id: Id
    appointment_version: Count
    on: Day


class ProcedureUndated(PrivateFact):
    """The date is gone; the procedure is still wanted."""

    type: Literal["care_plan.procedure_undated.v1"] = "care_plan.procedure_undated.v1"


class LimitReached(PrivateFact):
    """A rule asks somebody of its role whether to go on."""

    type: Literal["care_plan.limit_reached.v1"] = "care_plan.limit_reached.v1"
    rule: RuleId
    override_id: Id
    on: Day
    coverage_risk: Annotated[str, COVERAGE_RISK.passed_on, sensitivity("phi")]


class LimitGone(PrivateFact):
    """The rule says nothing any more: for the new day, or because it is not going ahead."""

    type: Literal["care_plan.limit_gone.v1"] = "care_plan.limit_gone.v1"
    override_id: Id
