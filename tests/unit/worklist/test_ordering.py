"""clinical_v1, against its vectors and against a slow twin that reads like the document."""

from datetime import date, datetime, timedelta
from functools import cmp_to_key
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.ids import ROOT, derive
from schemas.queue import QueueItem
from services.worklist.queue.decide import overdue, place
from tests.support.deciding import START
from tests.support.desk import shipped_rules

NOW = START + timedelta(days=10)
RULES = shipped_rules()
IDS = sorted(derive(ROOT, f"item {n}") for n in range(6))


def row(**fields: Any) -> QueueItem:
    """A waiting routine item without dates."""
    plain: dict[str, Any] = {
        "item_id": IDS[0],
        "version": 1,
        "number": 1,
        "item_type": "REF_TRIAGE",
        "queue": "nursing",
        "status": "waiting",
        "priority": "routine",
        "waiting_since": START,
        "subject_type": "referral",
        "subject_id": derive(ROOT, "a referral"),
    }
    return QueueItem(**plain | fields)


def in_order(*rows: QueueItem) -> list[QueueItem]:
    return sorted(rows, key=lambda each: place(each, NOW, RULES))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"priority": "stat"}, {"priority": "asap"}),
        ({"priority": "asap"}, {"priority": "urgent"}),
        ({"priority": "urgent"}, {"priority": "routine", "level": 2}),
        ({"level": 2}, {"level": 1}),
        ({"level": 1}, {"due_at": NOW - timedelta(days=1)}),
        ({"due_at": NOW - timedelta(days=1)}, {"category": "cat_1"}),
        ({"due_at": NOW}, {"due_at": NOW + timedelta(seconds=1)}),
        ({"category": "cat_1"}, {"category": "cat_2", "target_date": date(2027, 1, 1)}),
        ({"category": "cat_3"}, {}),
        ({"target_date": date(2027, 4, 4)}, {"target_date": date(2027, 4, 5)}),
        ({"category": "cat_2", "target_date": date(2027, 4, 4)}, {"category": "cat_2"}),
        ({"category": "cat_2"}, {"due_at": NOW + timedelta(hours=1)}),
        ({"due_at": NOW + timedelta(hours=1)}, {"due_at": NOW + timedelta(hours=2)}),
        ({"due_at": NOW + timedelta(days=300)}, {"waiting_since": START - timedelta(days=9)}),
        ({"waiting_since": START - timedelta(seconds=1)}, {}),
        ({"item_id": IDS[0]}, {"item_id": IDS[1]}),
    ],
)  # fmt: skip
def test_the_first_difference_decides(first: dict[str, Any], second: dict[str, Any]) -> None:
    one, other = row(item_id=IDS[1], **first) if "item_id" not in first else row(**first), row(**second)
    assert in_order(other, one) == [one, other]


def test_claimed_items_stand_apart_after_those_that_wait() -> None:
    claimed, waiting = row(status="claimed", priority="stat"), row(item_id=IDS[1])
    assert in_order(claimed, waiting) == [waiting, claimed]


def test_overdue_is_a_question_of_the_time_alone() -> None:
    due = row(due_at=NOW)
    assert (overdue(due, NOW), overdue(due, NOW - timedelta(seconds=1)), overdue(row(), NOW)) == (
        True,
        False,
        False,
    )


def twin(one: QueueItem, other: QueueItem) -> int:
    """As the document puts it: compare, and go on only where both are alike."""
    if (one.status == "waiting") != (other.status == "waiting"):
        return -1 if one.status == "waiting" else 1
    priorities = ["stat", "asap", "urgent", "routine"]
    if one.priority != other.priority:
        return priorities.index(one.priority) - priorities.index(other.priority)
    if one.level != other.level:
        return other.level - one.level
    late, other_late = is_late(one), is_late(other)
    if late != other_late:
        return -1 if late else 1
    for ours, theirs in (
        (rank_of(one), rank_of(other)),
        (one.target_date, other.target_date),
        (one.due_at, other.due_at),
        (one.waiting_since, other.waiting_since),
        (one.item_id, other.item_id),
    ):
        if ours != theirs:
            return none_last(ours, theirs)
    return 0


def is_late(item: QueueItem) -> bool:
    return item.due_at is not None and item.due_at <= NOW


def rank_of(item: QueueItem) -> int | None:
    return ["cat_1", "cat_2", "cat_3"].index(item.category) if item.category else None


def none_last(ours: Any, theirs: Any) -> int:
    if ours is None or theirs is None:
        return 1 if ours is None else -1
    return -1 if ours < theirs else 1


moments = st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours))
rows = st.builds(
    row,
    item_id=st.sampled_from(IDS),
    status=st.sampled_from(["waiting", "claimed"]),
    priority=st.sampled_from(["stat", "asap", "urgent", "routine"]),
    level=st.integers(0, 2),
    due_at=st.none() | moments,
    category=st.none() | st.sampled_from(["cat_1", "cat_2", "cat_3"]),
    target_date=st.none() | st.sampled_from([date(2027, 4, 4), date(2027, 4, 5)]),
    waiting_since=moments,
)


@given(st.lists(rows, max_size=12, unique_by=lambda item: item.item_id))
def test_the_policy_agrees_with_its_twin(items: list[QueueItem]) -> None:
    assert in_order(*items) == sorted(items, key=cmp_to_key(twin))


def test_the_order_does_not_depend_on_where_rows_come_from() -> None:
    items = [row(item_id=each, waiting_since=datetime.fromisoformat("2027-01-04T14:00:00Z")) for each in IDS]
    assert in_order(*items) == in_order(*reversed(items))
