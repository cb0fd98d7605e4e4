"""A goal: agreed with the patient, measured by goal attainment scaling (levels from -2 to 2)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backbone.model import Aggregate, Command, Content, Decision, Given, Head, Ruled, State, Table, by
from schemas.care_plan.v1.codes import Achievement, GoalFinding
from schemas.care_plan.v1.goal import GoalAssessed, GoalClosed, GoalSet
from services.care_plan.domain.gas import shown, t_score
from services.care_plan.domain.measures.history import History
from services.care_plan.domain.plan.states import Active
from services.care_plan.domain.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR
from services.care_plan.domain.rules import Rules

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]


class NoGoal(State, tag="proposed", frozen=True, kw_only=True):
    pass


class ActiveGoal(State, tag="active", frozen=True, kw_only=True):
    plan_id: str
    weight: int
    baseline: int
    level: int
    achievement: Achievement | None = None
    referral_id: str | None = None


class ClosedGoal(State, tag="completed", frozen=True, kw_only=True):
    plan_id: str
    achievement: Achievement


class SetGoal(Command, tag="set_goal", kw_only=True, frozen=True):
    """SMART, in the patient's words (content)."""

    plan_id: str
    text: Annotated[str, Meta(min_length=1, max_length=8000)]
    weight: Annotated[int, Meta(ge=0, le=10)]
    baseline_level: Annotated[int, Meta(ge=-2, le=-1)]
    domain: Code
    target_on: date


class AssessGoal(Command, tag="assess_goal", kw_only=True, frozen=True):
    """The plan has the levels of all goals already."""

    level: Annotated[int, Meta(ge=-2, le=2)]


class CloseGoal(Command, tag="close_goal", kw_only=True, frozen=True):
    pass


@by(CLINICIAN_OR_COORDINATOR)
def set_goal(state: NoGoal, command: SetGoal, given: Given[Rules]) -> Decision:
    return [
        Content(given.ref("goal"), "goal", msgspec.json.encode(command.text)),
        GoalSet(
            goal_id=given.target,
            plan_id=command.plan_id,
            weight=command.weight,
            baseline_level=command.baseline_level,
            domain=command.domain,
            target_on=command.target_on,
        ),
    ]


@by(CLINICIAN)
def assess(state: ActiveGoal, command: AssessGoal, given: Given[Rules]) -> Decision:
    """OUT-06 and OUT-07 are suggestions; the T-score is that of all goals of the plan."""
    rules = given.rules
    plan = given.others.get(state.plan_id)
    goals = plan.course.goals if isinstance(plan, Active) else ()
    score = t_score(
        [goal.weight for goal in goals],
        [goal.level for goal in goals],
        rules.care_plan.gas.values.correlation,
    )
    fact = GoalAssessed(
        goal_id=given.target,
        level=command.level,
        achievement=achievement(state, command.level),
        t_score=shown(score),
        findings=findings(state, score, given),
        on=rules.calendar.day(given.at),
    )
    named = (
        rules.care_plan.gas.named,
        rules.care_plan.step_down.named,
        rules.care_plan.discharge_ready.named,
    )
    return [Ruled(fact, named)]


def achievement(state: ActiveGoal, level: int) -> Achievement:
    """FHIR goal achievement, from the scale: 0 is what was agreed."""
    if level >= 0:
        return "sustaining" if state.level >= 0 else "achieved"
    if level > state.level:
        return "improving"
    return "worsening" if level < state.level else "no-change"


def findings(state: ActiveGoal, score: Any, given: Given[Rules]) -> tuple[GoalFinding, ...]:
    rules = given.rules.care_plan
    history = given.others.get(state.referral_id or "")
    if score is None or not isinstance(history, History):
        return ()
    found: list[GoalFinding] = []
    down = rules.step_down.values
    if score >= down.t_score and history.responder_for(down.reviews, down.weeks_apart):
        found.append("step_down")
    if score >= rules.discharge_ready.values.t_score and not history.alert_open:
        found.append("discharge_ready")
    return tuple(found)


@by(CLINICIAN_OR_COORDINATOR)
def close(state: ActiveGoal, command: CloseGoal, given: Given[Rules]) -> Decision:
    if state.level >= 0:
        return [GoalClosed(goal_id=given.target, achievement="achieved")]
    return [GoalClosed(goal_id=given.target, achievement="not-achieved")]


@by(CLINICIAN_OR_COORDINATOR)
def close_again(state: ClosedGoal, command: CloseGoal, given: Given[Rules]) -> Decision:
    return ()


def goal_set(state: NoGoal, fact: GoalSet, head: Head) -> ActiveGoal:
    return ActiveGoal(
        plan_id=fact.plan_id,
        weight=fact.weight,
        baseline=fact.baseline_level,
        level=fact.baseline_level,
        referral_id=head.pathway_id,
    )


def assessed(state: ActiveGoal, fact: GoalAssessed, head: Head) -> ActiveGoal:
    return msgspec.structs.replace(state, level=fact.level, achievement=fact.achievement)


def closed(state: ActiveGoal, fact: GoalClosed, head: Head) -> ClosedGoal:
    return ClosedGoal(plan_id=state.plan_id, achievement=fact.achievement)


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    if isinstance(state, ActiveGoal) and isinstance(command, AssessGoal):
        yield "care_plan", state.plan_id
        if state.referral_id:
            yield "history", state.referral_id


GOAL = Aggregate(
    "goal",
    NoGoal(),
    decide=Table(set_goal, assess, close, close_again),
    evolve=Table(goal_set, assessed, closed),
    needs=needs,
)
