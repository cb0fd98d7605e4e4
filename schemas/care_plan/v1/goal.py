"""Facts of goals, with goal attainment scaling."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import Achievement, GoalDomain, GoalFinding
from schemas.fact import FEW, Count, Day, Dec, Fact, Id, Level, sensitivity
from schemas.proposal import Proposal


class GoalFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "goal"


class GoalSet(GoalFact):
    """Agreed with the patient. Levels run from -2 to 2."""

    type: Literal["care_plan.goal_set.v1"] = "care_plan.goal_set.v1"
    goal_id: Id
    plan_id: Id
    weight: Count
    baseline_level: Annotated[Level, sensitivity("phi")]
    domain: Annotated[GoalDomain, sensitivity("phi")]
    target_on: Day


class GoalAssessed(Proposal, GoalFact):
    """A level was recorded; `t_score` is that of all goals of the plan, to two decimals. What is found is a proposal to
    whoever reviews the plan next (OUT-06, OUT-07)."""

    type: Literal["care_plan.goal_assessed.v1"] = "care_plan.goal_assessed.v1"
    goal_id: Id
    level: Annotated[Level, sensitivity("phi")]
    achievement: Annotated[Achievement, sensitivity("phi")]
    t_score: Annotated[Dec | None, sensitivity("phi")] = None
    findings: Annotated[tuple[GoalFinding, ...], FEW, sensitivity("phi")]
    on: Day

    @property
    def questions(self) -> tuple[str, ...]:
        return self.findings


class GoalClosed(GoalFact):
    """Finished."""

    type: Literal["care_plan.goal_closed.v1"] = "care_plan.goal_closed.v1"
    goal_id: Id
    achievement: Annotated[Achievement, sensitivity("phi")]
