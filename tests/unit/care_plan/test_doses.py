"""How much of its work a discipline gives where whoever plans it leaves that out."""

from typing import Any

import pytest

from config.doses import each_work_once
from config.rules import Rule
from schemas.care_plan.v1.activity import ActivityOrdered
from services.care_plan.activity.aggregate import ACTIVITY
from services.care_plan.activity.commands import OrderActivity
from services.care_plan.activity.states import Order
from tests.support.deciding import Deciding, deciding, like, ruled
from tests.unit.care_plan.situations import PHYSICIAN, rules, some_id

given: Deciding = deciding(ACTIVITY, rules(), actor=PHYSICIAN)
SOURCES = [
    ("physiotherapy", "graded_exercise", 8, 7, "dose.physiotherapy"),
    ("physiotherapy", "tens_trial", 2, 30, "dose.tens_trial"),
    ("medical", "acupuncture", 5, 7, "dose.acupuncture"),
    ("occupational_therapy", "pacing", 6, 14, "dose.occupational_therapy"),
    ("psychology", "cbt_cp", 12, 7, "dose.psychology"),
    ("psychology", "biofeedback", 8, 7, "dose.biofeedback"),
    ("psychology", "group_programme", 12, 7, "dose.group_programme"),
    ("pharmacy", "reconciliation", 1, None, "dose.pharmacy"),
]


def order(discipline: Any, kind: str, **said: Any) -> OrderActivity:
    return OrderActivity(Order(plan_id=some_id("plan"), discipline=discipline, kind=kind, **said))


@pytest.mark.parametrize(("discipline", "kind", "sessions", "every_days", "rule"), SOURCES)
def test_what_nobody_said_is_what_the_clinic_has_as_its_default_and_names_the_rule(
    discipline: str, kind: str, sessions: int, every_days: int | None, rule: str
) -> None:
    expected = like(ActivityOrdered, sessions=sessions, every_days=every_days)
    given().when(order(discipline, kind)).then(ruled(expected, rule))


def test_what_whoever_plans_it_says_counts_and_no_rule_is_named() -> None:
    said = like(ActivityOrdered, sessions=4, every_days=3)
    given().when(order("psychology", "cbt", sessions=4, every_days=3)).then(ruled(said))


def test_how_far_apart_is_filled_in_beside_the_number_that_was_said_but_not_of_one_session() -> None:
    given().when(order("psychology", "cbt", sessions=4)).then(like(ActivityOrdered, sessions=4, every_days=7))
    given().when(order("psychology", "cbt", sessions=1)).then(
        like(ActivityOrdered, sessions=1, every_days=None)
    )


@pytest.mark.parametrize(
    ("discipline", "kind"), [("social_work", "benefits_advice"), ("nursing", "exercise")]
)
def test_what_is_given_as_needed_or_is_not_that_disciplines_work_is_left_open(
    discipline: str, kind: str
) -> None:
    given().when(order(discipline, kind)).then(ruled(like(ActivityOrdered, sessions=None, every_days=None)))


def test_a_clinic_whose_rules_say_the_same_work_twice_does_not_start() -> None:
    doses: dict[str, Rule[Any]] = dict(rules().care_plan.doses)
    with pytest.raises(ValueError, match="psychology cbt is in psychology and in another"):
        each_work_once(doses | {"another": doses["psychology"]})
