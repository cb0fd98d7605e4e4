"""A catalogue that would open work late, twice or for ever does not start."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.care_plan.v1.contact import ContactRecorded
from schemas.referral.v1.referral import FoundComplete
from services.worklist.catalogue.decide.due import Within
from services.worklist.catalogue.decide.row import Row, named
from services.worklist.catalogue.decide.table import CATALOGUE, checked
from services.worklist.episode.reactions import NextStep

ROWS = {row.item: row for row in reversed(CATALOGUE)}


def with_row(item: str, **changes: Any) -> tuple[Row[Any], ...]:
    """The catalogue with one row changed."""
    return tuple(replace(row, **changes) if row is ROWS[item] else row for row in CATALOGUE)


def test_the_catalogue_as_it_is_starts() -> None:
    assert checked(CATALOGUE) == CATALOGUE


def test_a_due_time_that_is_not_set_does_not_start() -> None:
    with pytest.raises(AttributeError, match="ref_triag"):
        Within(lambda due: due.ref_triag)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (CATALOGUE[1:], "no row is due by ref_complete"),
        (
            with_row("ACT_DNA", subject=named("activity", "activity")),
            "care_plan.activity_reviewed.v1 names no activity",
        ),
        (with_row("MDT_LIST", subject=named("case", "case_id")), "MDT_LIST is about a"),
        (with_row("RED_FLAG", ack=None), "RED_FLAG: a safety item"),
        (with_row("RED_FLAG", cleaned_up=True), "RED_FLAG: a safety item"),
        (
            with_row("ACT_REVIEW", subject=named("activity", "type"), closes=(FoundComplete,)),
            "ACT_REVIEW: a closing fact that may come first must know the queue",
        ),
    ],
)
def test_what_would_never_work_is_said_before_the_start(rows: tuple[Row[Any], ...], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        checked(rows)


def test_everything_wrong_is_said_at_once() -> None:
    rows = (*with_row("RED_FLAG", ack=None)[1:],)
    with pytest.raises(TypeError, match=r"RED_FLAG.*ref_complete"):
        checked(rows)


def test_a_next_step_is_told_by_one_kind_of_aggregate() -> None:
    with pytest.raises(TypeError, match="asked is told by several kinds: contact, referral"):
        NextStep("asked", (FoundComplete,), (ContactRecorded,))
