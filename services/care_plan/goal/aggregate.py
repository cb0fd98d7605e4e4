"""The goal as one aggregate: what each fact makes of it."""

from collections.abc import Iterable

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Head, Table, like
from schemas.care_plan.v1.goal import GoalAssessed, GoalClosed, GoalSet
from services.care_plan.goal.decide import DECIDE
from services.care_plan.goal.states import ActiveGoal, AssessGoal, ClosedGoal, Goal, NoGoal
from services.care_plan.opioid.states import opioids_seen
from services.care_plan.risk.states import risk_seen


def goal_set(state: NoGoal, fact: GoalSet, head: Head) -> ActiveGoal:
    """It begins at its baseline."""
    level = fact.baseline_level
    return like(
        ActiveGoal, fact, baseline=level, level=level, patient_id=head.lane_key, referral_id=head.pathway_id
    )


def assessed(state: ActiveGoal, fact: GoalAssessed, head: Head) -> ActiveGoal:
    return replace(state, level=fact.level, achievement=fact.achievement)


def closed(state: ActiveGoal, fact: GoalClosed, head: Head) -> ClosedGoal:
    return ClosedGoal(plan_id=state.plan_id, achievement=fact.achievement)


def needs(state: Goal, command: Command) -> Iterable[tuple[str, str]]:
    """The levels of all goals, the scores, what puts the patient at risk, and opioids."""
    if isinstance(state, ActiveGoal) and isinstance(command, AssessGoal):
        yield "care_plan", state.plan_id
        if state.referral_id:
            yield "history", state.referral_id
        yield from risk_seen(state.patient_id)
        yield from opioids_seen(state.patient_id)


GOAL = Aggregate[Goal]("goal", NoGoal(), decide=DECIDE, evolve=Table(goal_set, assessed, closed), needs=needs)
