"""OUT-06: coming less often is suggested while PEG responds up to the last one, and goals are reached."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.care_plan.v1.goal import GoalAssessed
from services.care_plan.goal.aggregate import GOAL
from services.care_plan.goal.states import ActiveGoal, AssessGoal
from services.care_plan.history.states import History
from services.care_plan.plan.states import Active, Course, GoalLine
from services.care_plan.risk.states import Risk
from tests.support.deciding import LANE, START, TARGET, deciding
from tests.unit.care_plan.plans import peg
from tests.unit.care_plan.situations import PHYSIOTHERAPIST, rules, some_id

PLAN, REFERRAL = some_id("plan"), some_id("referral")


def suggested(*responses: tuple[int, bool | None], level: int = 0) -> bool:
    """PEG by day, and to which level the one goal came."""
    reviews = tuple((START + timedelta(days=day)).date() for day, _ in responses)
    scores = tuple(peg(14, "review", responder=responder, day=day) for day, responder in responses)
    goal = ActiveGoal(plan_id=PLAN, referral_id=REFERRAL, weight=1, baseline=-1, level=-1)
    plan = Active(course=Course(goals=(GoalLine(TARGET, 1, level),)))
    situation = deciding(GOAL, rules(), actor=PHYSIOTHERAPIST)(goal).beside(
        {PLAN: plan, REFERRAL: History(scores=scores, reviews=reviews), LANE: Risk()}
    )
    [assessed] = situation.when(AssessGoal(level=level)).only_facts
    assert isinstance(assessed, GoalAssessed)
    return "step_down" in assessed.findings


@pytest.mark.parametrize(
    "relapse",
    [
        ((0, True), (28, True), (56, False)),
        ((0, True), (28, True), (56, None)),
        ((0, True), (28, True), (56, False), (60, True)),
        ((0, True), (28, False), (56, True)),
    ],
)
def test_after_a_relapse_nothing_that_came_before_it_counts(relapse: Any) -> None:
    assert not suggested(*relapse)


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        (((0, True), (28, True)), True),
        (((0, True), (27, True)), False),
        (((0, True), (14, True), (28, True)), True),
        (((0, False), (28, True), (56, True)), True),
        (((28, True),), False),
        ((), False),
    ],
)
def test_two_pegs_four_weeks_apart_up_to_the_last_one_suggest_it(responses: Any, expected: bool) -> None:
    assert suggested(*responses) is expected


def test_a_goal_that_is_not_reached_suggests_nothing() -> None:
    assert not suggested((0, True), (28, True), level=-1)
