"""Who stands before whom in a queue, and in which group: pure functions of a row, the time and the clinic's rules.

A place is a list of numbers and texts that compares; views may compare it too, and cursors carry it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Literal, get_args

from config.calendar import BusinessCalendar
from schemas.queue import QueueItem
from services.worklist.catalogue.decide.table import SAFETY
from services.worklist.item.decide.urgency import RANK
from services.worklist.rules import Rules

Group = Literal["safety", "act_first", "overdue", "today", "later"]
GROUPS: Mapping[Group, int] = {group: rank for rank, group in enumerate(get_args(Group))}
"""In the order in which they stand."""
ABOUT_SAFETY = SAFETY | {"ESCALATION_EXHAUSTED"}
FIRST = frozenset({"stat", "asap"})

Standing = tuple[int, int, int, int, int, int, int, str]
Place = tuple[int, int, int, int, int, int, int, int, int, str]
Policy = Callable[[QueueItem, datetime, Mapping[str, int]], Standing]
"""What stands first compares less; the first difference decides."""

NEVER = 2**53 - 1
"""After every instant, in microseconds; still exact in a JSON number."""


def clinical_v1(row: QueueItem, now: datetime, category_rank: Mapping[str, int]) -> Standing:
    """Priority, escalation, overdue, category and target date (REF-06), due time, waiting time, id."""
    return (
        RANK[row.priority],
        -row.level,
        int(not overdue(row, now)),
        category_rank.get(row.category or "", len(category_rank)),
        (row.target_date or date.max).toordinal(),
        NEVER if row.due_at is None else microseconds(row.due_at),
        microseconds(row.waiting_since),
        row.item_id,
    )


POLICIES: Mapping[str, Policy] = {"clinical_v1": clinical_v1}


def overdue(row: QueueItem, now: datetime) -> bool:
    """Its due time has passed; a claim does not stop it."""
    return row.due_at is not None and row.due_at <= now


def microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def group_of(row: QueueItem, now: datetime, calendar: BusinessCalendar) -> Group:
    """What is about safety, what can't wait, what is late; the rest by the clinic's day on which it is due."""
    if row.item_type in ABOUT_SAFETY:
        return "safety"
    if row.priority in FIRST:
        return "act_first"
    if overdue(row, now):
        return "overdue"
    return "today" if row.due_at and calendar.begins(row.due_at) <= now else "later"


def turns(row: QueueItem, calendar: BusinessCalendar) -> tuple[datetime, ...]:
    """When the row looks otherwise by time alone: as its due day begins, and when it is overdue."""
    if row.due_at is None:
        return ()
    day = calendar.begins(row.due_at)
    return (day, row.due_at) if day < row.due_at else (row.due_at,)


def place(row: QueueItem, now: datetime, rules: Rules, group: Group | None = None) -> Place:
    """Where a row stands: claimed items stand apart, after those that wait, and those on hold after them; then by
    group, and within one by the policy. Without a group the order is strict.
    """
    apart = 2 if row.resume_on else int(row.status != "waiting")
    rank = 0 if group is None else GROUPS[group]
    return (apart, rank, *POLICIES[rules.ordering](row, now, rules.category_rank))
