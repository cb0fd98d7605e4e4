"""Groups of a queue, by the clinic's days; and that what time alone changes is foreseen to the moment."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.ids import ROOT, derive
from schemas.codes import ITEM_TYPE
from schemas.queue import QueueItem
from services.worklist.queue.decide import GROUPS, group_of, overdue, place, turns
from services.worklist.queue.documents import row_document
from tests.support.desk import shipped_rules
from tests.unit.worklist.test_ordering import row

RULES = shipped_rules()
CLINIC = ZoneInfo("America/New_York")
SAFETY_TYPES = {"RED_FLAG", "SAFETY_ALERT", "CRISIS_CALL", "ESCALATION_EXHAUSTED"}


def at(text: str) -> datetime:
    """Clinic time."""
    return datetime.fromisoformat(text).replace(tzinfo=CLINIC)


NOW = at("2027-01-14 16:00")


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"item_type": "RED_FLAG", "priority": "asap", "due_at": at("2027-01-20 17:00")}, "safety"),
        ({"item_type": "ESCALATION_EXHAUSTED", "due_at": at("2027-01-10 17:00")}, "safety"),
        ({"item_type": "CRISIS_CALL"}, "safety"),
        ({"priority": "stat", "due_at": at("2027-01-20 17:00")}, "act_first"),
        ({"priority": "asap", "due_at": at("2027-01-10 17:00")}, "act_first"),
        ({"priority": "urgent", "due_at": NOW}, "overdue"),
        ({"due_at": NOW + timedelta(seconds=1)}, "today"),
        ({"due_at": at("2027-01-14 23:59")}, "today"),
        ({"priority": "urgent", "due_at": at("2027-01-15 00:00")}, "later"),
        ({}, "later"),
        ({"status": "claimed", "due_at": at("2027-01-10 17:00")}, "overdue"),
    ],
)  # fmt: skip
def test_what_is_about_safety_what_cannot_wait_what_is_late_and_the_rest_by_day(
    fields: dict[str, Any], group: str
) -> None:
    assert group_of(row(**fields), NOW, RULES.calendar) == group


def test_the_due_day_is_the_clinics_not_that_of_greenwich() -> None:
    late_evening = row(due_at=at("2027-01-14 21:00").astimezone(UTC))
    assert late_evening.due_at is not None and late_evening.due_at.date() == date(2027, 1, 15)
    assert group_of(late_evening, NOW, RULES.calendar) == "today"


IDS = [derive(ROOT, f"item {n}") for n in range(8)]
days = st.integers(-3, 3).map(lambda n: date(2027, 3, 14) + timedelta(days=n))  # clocks change on the 14th
clocks = st.sampled_from([time(), time(2, 30), time(17), time(23, 59, 59)])
moments = st.builds(lambda day, clock: datetime.combine(day, clock, CLINIC).astimezone(UTC), days, clocks)
rows = st.builds(
    row,
    item_id=st.sampled_from(IDS),
    item_type=st.sampled_from(list(ITEM_TYPE)) | st.sampled_from(sorted(SAFETY_TYPES)),
    status=st.sampled_from(["waiting", "claimed"]),
    resume_on=st.none() | st.just(date(2027, 4, 1)),
    priority=st.sampled_from(["stat", "asap", "urgent", "routine"]),
    level=st.integers(0, 2),
    due_at=st.none() | moments,
    waiting_since=moments,
)
several = st.lists(rows, max_size=8, unique_by=lambda item: item.item_id)


def twin(item: QueueItem, now: datetime) -> str:
    """As the document puts it, with the clinic's wall clock and no calendar of ours."""
    if item.item_type in SAFETY_TYPES:
        return "safety"
    if item.priority in ("stat", "asap"):
        return "act_first"
    if item.due_at and item.due_at <= now:
        return "overdue"
    same_day = item.due_at and item.due_at.astimezone(CLINIC).date() == now.astimezone(CLINIC).date()
    return "today" if same_day else "later"


@given(rows, moments)
def test_the_group_agrees_with_its_twin(item: QueueItem, now: datetime) -> None:
    assert group_of(item, now, RULES.calendar) == twin(item, now)


@given(several, moments)
def test_groups_stand_one_behind_the_other_and_inside_each_the_order_is_strict(
    items: list[QueueItem], now: datetime
) -> None:
    waiting = [item for item in items if item.status == "waiting" and not item.resume_on]
    shown = sorted(waiting, key=lambda item: row_document(item, now, RULES)["order"])
    groups = [list(GROUPS).index(group_of(item, now, RULES.calendar)) for item in shown]
    assert groups == sorted(groups)
    strict = sorted(waiting, key=lambda item: place(item, now, RULES))
    for group in set(groups):
        of_group = [item for item, its in zip(shown, groups, strict=True) if its == group]
        assert of_group == [item for item in strict if item in of_group]


@given(several, moments)
def test_without_its_second_element_an_order_is_strict(items: list[QueueItem], now: datetime) -> None:
    def without_group(item: QueueItem) -> list[Any]:
        order: list[Any] = row_document(item, now, RULES)["order"]
        return [order[0], *order[2:]]

    strict = sorted(items, key=lambda item: place(item, now, RULES))
    assert sorted(items, key=without_group) == strict


@given(rows, moments, moments)
def test_a_row_looks_otherwise_by_time_alone_only_at_its_turns(
    item: QueueItem, one: datetime, other: datetime
) -> None:
    earlier, later = sorted((one, other))
    turned = any(earlier < turn <= later for turn in turns(item, RULES.calendar))
    if row_document(item, earlier, RULES) != row_document(item, later, RULES):
        assert turned


def test_midnight_and_the_due_time_turn_a_row() -> None:
    item = row(due_at=at("2027-01-15 17:00"))
    midnight, due = at("2027-01-15 00:00"), at("2027-01-15 17:00")
    assert turns(item, RULES.calendar) == (midnight, due)
    second = timedelta(seconds=1)
    shown = [
        (group_of(item, moment, RULES.calendar), overdue(item, moment))
        for moment in (midnight - second, midnight, due - second, due)
    ]
    assert shown == [("later", False), ("today", False), ("today", False), ("overdue", True)]
