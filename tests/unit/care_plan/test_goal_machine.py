"""A goal under any sequence of commands: its level is the last one assessed, its end is one."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Actor
from schemas.care_plan.v1.goal import GoalAssessed, GoalClosed, GoalSet
from services.care_plan.goal.aggregate import GOAL
from services.care_plan.goal.decide import shown, t_score
from services.care_plan.goal.states import ActiveGoal, AssessGoal, ClosedGoal, CloseGoal, NoGoal, SetGoal
from services.care_plan.history.states import History
from services.care_plan.plan.states import Active, Course, GoalLine
from services.care_plan.risk.states import Risk
from tests.support.deciding import LANE, START, TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.plans import peg
from tests.unit.care_plan.situations import (
    COORDINATOR,
    OUTSIDERS,
    PHYSICIAN,
    PHYSIOTHERAPIST,
    rules,
    some_id,
)

PLAN = some_id("plan")
SET = SetGoal(
    plan_id=PLAN,
    text="Walk to the shop.",
    weight=2,
    baseline_level=-1,
    domain="walking",
    target_on=START.date(),
)
LEVELS = st.sampled_from((-2, -1, 0, 0, 0, 1, 2))
REVIEWED = tuple(START.date() + timedelta(days=days) for days in (0, 28, 56))
RESPONDER = History(
    scores=(peg(14, "review", responder=True), peg(12, "review", responder=True, day=28)), reviews=REVIEWED
)
RELAPSED = History(reviews=REVIEWED, scores=(*RESPONDER.scores, peg(20, "review", responder=False, day=56)))
HISTORIES = st.sampled_from((History(), RESPONDER, RELAPSED))
RISKS = st.sampled_from((Risk(), Risk(open_alerts=("an alert",))))


class Goals(Machine):
    """One goal beside its plan, which has another one too."""

    @initialize(agreed=st.integers(0, 3))
    def it_is_agreed_or_not(self, agreed: int) -> None:
        self.begin(GOAL, rules())
        self.others(-1, -1, History(), Risk())
        if agreed:
            self.agree(PHYSIOTHERAPIST)

    def others(self, own: int, other: int, history: History, risk: Risk) -> None:
        goals = (GoalLine(TARGET, 2, own), GoalLine(some_id("another"), 1, other))
        self.world.others = {PLAN: Active(course=Course(goals=goals)), TARGET: history, LANE: risk}

    @rule(actor=st.sampled_from((COORDINATOR, PHYSIOTHERAPIST)))
    def agree(self, actor: Actor) -> None:
        self.refuse(OUTSIDERS, SET)
        new = isinstance(self.world.state, NoGoal)
        assert bool(self.take(actor, SET)) == new
        assert not self.take(actor, SET)

    @rule(
        actor=st.sampled_from((COORDINATOR, *[PHYSIOTHERAPIST] * 3)),
        level=LEVELS,
        other=LEVELS,
        history=HISTORIES,
        risk=RISKS,
    )
    def assess(self, actor: Actor, level: int, other: int, history: History, risk: Risk) -> None:
        self.others(level, other, history, risk)
        self.refuse((*OUTSIDERS, COORDINATOR), AssessGoal(level=level))
        score = t_score((2, 1), (level, other), Decimal("0.3"))
        assert score is not None
        for fact in self.take(actor, AssessGoal(level=level)):
            assert isinstance(fact, GoalAssessed) and actor is PHYSIOTHERAPIST
            assert (fact.level, fact.t_score) == (level, shown(score))
            assert ("step_down" in fact.findings) == (score >= 50 and history is RESPONDER)
            assert ("discharge_ready" in fact.findings) == (score >= 50 and not risk.open_alerts)

    @rule(actor=st.sampled_from((COORDINATOR, PHYSICIAN)), really=st.integers(0, 1))
    def close(self, actor: Actor, really: int) -> None:
        if not really:
            self.refuse(OUTSIDERS, CloseGoal())
            self.take(actor, CloseGoal())
            assert not self.take(actor, CloseGoal())

    @invariant()
    def its_level_is_the_last_one_assessed(self) -> None:
        state, levels = self.world.state, [fact.level for fact in self.made(GoalAssessed)]
        if isinstance(state, ActiveGoal):
            assert state.level == (levels[-1] if levels else -1) and -2 <= state.level <= 2

    @invariant()
    def it_is_set_once_and_closed_once_as_what_it_came_to(self) -> None:
        assert len(self.made(GoalSet)) <= 1
        closed = self.made(GoalClosed)
        assert len(closed) == isinstance(self.world.state, ClosedGoal)
        for fact in closed:
            levels = [-1, *(each.level for each in self.made(GoalAssessed))]
            assert (fact.achievement == "achieved") == (levels[-1] >= 0)
            assert isinstance(self.world.facts[-1][0], GoalClosed), "an end is an end"

    @invariant()
    def it_is_achieved_when_it_reaches_what_was_agreed(self) -> None:
        before = -1
        for fact in self.made(GoalAssessed):
            assert (fact.achievement == "achieved") == (before < 0 <= fact.level)
            assert (fact.achievement == "worsening") == (fact.level < min(before, 0))
            before = fact.level


TestGoals = Goals.TestCase
TestGoals.settings = explored(100, steps=30)
