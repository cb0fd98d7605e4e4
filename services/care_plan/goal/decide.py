"""Goals are set, assessed and closed; goal attainment scaling (GAS) says how far all of a plan's goals are reached."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

import msgspec

from backbone.model import Content, Decision, Given, Ruled, Table, by, ignores, like
from schemas.care_plan.v1.codes import Achievement, GoalFinding
from schemas.care_plan.v1.goal import GoalAssessed, GoalClosed, GoalSet
from services.care_plan.goal.states import ActiveGoal, AssessGoal, ClosedGoal, CloseGoal, NoGoal, SetGoal
from services.care_plan.history.states import History
from services.care_plan.opioid.states import takes_opioids
from services.care_plan.plan.decide.checklist import HANDOVER, SELF_MANAGEMENT
from services.care_plan.plan.states import Course, Running
from services.care_plan.risk.states import risk_of
from services.care_plan.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR
from services.care_plan.rules import Rules


@by(CLINICIAN_OR_COORDINATOR)
def set_goal(state: NoGoal, command: SetGoal, given: Given[Rules]) -> Decision:
    text = Content(given.ref("goal"), "goal", msgspec.json.encode(command.text))
    return [text, like(GoalSet, command, goal_id=given.target)]


@by(CLINICIAN)
def assess(state: ActiveGoal, command: AssessGoal, given: Given[Rules]) -> Decision:
    """OUT-06 and OUT-07 are suggestions; the T-score is that of all goals of the plan."""
    rules, plan = given.rules.care_plan, given.others.get(("care_plan", state.plan_id))
    course = plan.course if isinstance(plan, Running) else Course()
    goals = course.goals
    weights, levels = [goal.weight for goal in goals], [goal.level for goal in goals]
    score = t_score(weights, levels, rules.gas.values.correlation)
    fact = GoalAssessed(
        goal_id=given.target,
        level=command.level,
        achievement=achievement(state, command.level),
        t_score=shown(score),
        findings=findings(state, score, course, given),
        on=given.rules.calendar.day(given.at),
    )
    return [Ruled(fact, (rules.gas, rules.step_down, rules.discharge_ready))]


def achievement(state: ActiveGoal, level: int) -> Achievement:
    """FHIR goal achievement, from the scale: 0 is what was agreed."""
    if level >= 0:
        return "sustaining" if state.level >= 0 else "achieved"
    if level > state.level:
        return "improving"
    return "worsening" if level < state.level else "no-change"


def findings(
    state: ActiveGoal, score: Decimal | None, course: Course, given: Given[Rules]
) -> tuple[GoalFinding, ...]:
    rules, today = given.rules.care_plan, given.rules.calendar.day(given.at)
    history = given.others.get(("history", state.referral_id or ""))
    if not isinstance(history, History):
        return ()
    found: list[GoalFinding] = []
    down = rules.step_down.values
    reached = score is not None and score >= down.t_score
    if reached and history.responder_for(today, down, given.rules.calendar):
        found.append("step_down")
    if is_ready(score, course, history, given):
        found.append("discharge_ready")
    return tuple(found)


def is_ready(score: Decimal | None, course: Course, history: History, given: Given[Rules]) -> bool:
    """OUT-07: goals are reached, or pain stays as it is and the patient knows what to do; opioids are handed over, and
    no alert is open."""
    rule = given.rules.care_plan.discharge_ready.values
    reached = score is not None and score >= rule.t_score
    plateau = history.plateau(rule.plateau_below, rule.plateau_weeks, given.rules.calendar)
    steady = plateau and SELF_MANAGEMENT in course.met
    handed_over = HANDOVER in course.met or not takes_opioids(given)
    return bool(reached or steady) and handed_over and not risk_of(given).open_alerts


@by(CLINICIAN_OR_COORDINATOR)
def close(state: ActiveGoal, command: CloseGoal, given: Given[Rules]) -> Decision:
    return [GoalClosed(goal_id=given.target, achievement="achieved" if state.level >= 0 else "not-achieved")]


def t_score(weights: Sequence[int], levels: Sequence[int], correlation: Decimal) -> Decimal | None:
    """T = 50 + 10*sum(w*x) / sqrt((1-r)*sum(w^2) + r*(sum w)^2), unrounded; None without goals or weights.

    Levels run from -2 to 2 (Kiresuk and Sherman).
    """
    if not any(weights):
        return None
    with localcontext() as context:
        context.prec = 28
        attained = sum(w * x for w, x in zip(weights, levels, strict=True))
        squares, total = sum(w * w for w in weights), sum(weights)
        spread = ((1 - correlation) * squares + correlation * total * total).sqrt()
        return Decimal(50) + 10 * attained / spread


def shown(score: Decimal | None) -> Decimal | None:
    """For display: half up to two decimals."""
    return None if score is None else score.quantize(Decimal("0.01"), ROUND_HALF_UP)


DECIDE = Table(*(set_goal, assess, close), ignores(CloseGoal, when=ClosedGoal, whom=CLINICIAN_OR_COORDINATOR))
