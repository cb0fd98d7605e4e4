"""OUT-05: no response at two reviews one after the other, of a patient who comes, is the team's matter."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.care_plan.history.aggregate import HISTORY, NoteAttendance, NoteReview
from services.care_plan.history.facts import AttendanceNoted, ReviewNoted, StepUpSuggested
from services.care_plan.history.states import History
from tests.support.deciding import START, Situation, deciding, nothing
from tests.unit.care_plan.plans import peg
from tests.unit.care_plan.situations import rules, some_id

DAY = START.date()
FIRST, SECOND = DAY + timedelta(days=30), DAY + timedelta(days=60)
SEEN = {"attended": 3, "missed": 1}


def history(*responses: tuple[int, bool | None], **went: int) -> Situation:
    """A plan that began today and was reviewed after 30 days; PEG by day, and how visits went."""
    scores = tuple(peg(20, "review", responder=responder, day=day) for day, responder in responses)
    visits = tuple((some_id(f"{how} {no}"), how) for how, many in went.items() for no in range(many))
    known = History(started_on=DAY, scores=scores, reviews=(FIRST,), visits=visits)
    return deciding(HISTORY, rules())(known)


def suggested(situation: Situation, result: Any = "continue", on: date = SECOND) -> bool:
    made = situation.when(NoteReview(on=on, result=result)).only_facts
    assert isinstance(made[0], ReviewNoted)
    return any(isinstance(fact, StepUpSuggested) for fact in made)


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        (((28, False), (58, False)), True),
        (((28, True), (58, False)), False),
        (((28, False), (58, True)), False),
        (((28, False), (58, None)), False),
        (((20, True), (28, False), (58, False)), True),
        (((28, False),), False),
        (((29, False), (28, False)), False),
        ((), False),
    ],
)
def test_each_of_two_reviews_was_measured_and_showed_no_response(responses: Any, expected: bool) -> None:
    assert suggested(history(*responses, **SEEN)) is expected


@pytest.mark.parametrize(
    ("went", "expected"),
    [
        ({"attended": 3, "missed": 1}, True),
        ({"attended": 2, "missed": 1}, False),
        ({"attended": 2, "missed": 1, "excused": 5}, False),
        ({"attended": 1, "excused": 5}, True),
        ({}, False),
    ],
)
def test_whoever_does_not_come_is_not_stepped_up(went: dict[str, int], expected: bool) -> None:
    assert suggested(history((28, False), (58, False), **went)) is expected


@pytest.mark.parametrize(
    ("result", "expected"), [("continue", True), ("change", True), ("step_up", False), ("discharge", False)]
)
def test_a_review_that_steps_up_or_ends_needs_no_suggestion(result: str, expected: bool) -> None:
    assert suggested(history((28, False), (58, False), **SEEN), result) is expected


def test_the_first_review_suggests_nothing() -> None:
    assert not suggested(history((20, False), (28, False), **SEEN), on=FIRST - timedelta(days=1))


def test_what_is_known_better_of_a_visit_counts_and_what_was_before_the_plan_does_not() -> None:
    visit = some_id("a visit")

    def told(how: str, on: date = FIRST) -> NoteAttendance:
        return NoteAttendance(appointment_id=visit, how=how, on=on)

    situation = history()
    situation.when(told("attended", DAY - timedelta(days=1))).then(nothing())
    situation.when(told("missed")).then(AttendanceNoted)
    situation.when(told("excused")).then(AttendanceNoted)
    situation.when(told("missed")).then(nothing())
    situation.when(told("attended")).then(AttendanceNoted)
    assert situation.when(told("attended")).state.visits == ((visit, "attended"),)
