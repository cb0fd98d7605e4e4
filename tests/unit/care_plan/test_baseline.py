"""How old a baseline may be at the first visit (measures: 14 days, 30 where the visit was moved)."""

from datetime import timedelta
from typing import Any

import pytest

from services.care_plan.history.aggregate import HISTORY, MoveFirstVisit, NoteFirstVisit
from services.care_plan.history.states import History
from tests.support.deciding import START, deciding, nothing
from tests.unit.care_plan.plans import peg
from tests.unit.care_plan.situations import rules, some_id

VISIT, LATER, OTHER = some_id("a visit"), some_id("a later visit"), some_id("another visit")
DAY = rules().calendar.day(START)


def after(*steps: Any) -> History:
    state = deciding(HISTORY, rules())(History(scores=(peg(21, "baseline"),))).when(*steps).state
    assert isinstance(state, History)
    return state


def booked(days: int, visit: str = VISIT) -> NoteFirstVisit:
    return NoteFirstVisit(appointment_id=visit, version=1, on=DAY + timedelta(days=days))


@pytest.mark.parametrize(("days", "counts"), [(0, True), (14, True), (15, False)])
def test_a_baseline_of_more_than_fourteen_days_before_the_first_visit_is_shown_and_not_counted(
    days: int, counts: bool
) -> None:
    history = after(booked(days))
    assert (history.base("peg") is not None) == counts
    assert len(history.of("peg")) == 1


@pytest.mark.parametrize(("days", "counts"), [(19, True), (30, True), (31, False)])
def test_where_the_first_visit_is_moved_or_booked_again_it_stays_valid_for_thirty(
    days: int, counts: bool
) -> None:
    moved = MoveFirstVisit(appointment_id=VISIT, version=2, on=DAY + timedelta(days=days))
    assert (after(booked(5), moved).base("peg") is not None) == counts
    assert (after(booked(5), booked(days, LATER)).base("peg") is not None) == counts


def test_another_visit_that_is_moved_is_nothing_to_the_baseline() -> None:
    moved = MoveFirstVisit(appointment_id=OTHER, version=2, on=DAY + timedelta(days=90))
    deciding(HISTORY, rules())(after(booked(5))).when(moved).then(nothing())
    deciding(HISTORY, rules())(after(booked(5))).when(booked(5)).then(nothing())
    assert after().base("peg") is not None, "before there is a first visit it counts"
