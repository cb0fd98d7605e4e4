"""Who stands before whom in a queue: pure functions of a row, the time and the clinic's order of categories.

A place is a list of numbers and texts that compares; views may compare it too, and cursors carry it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from schemas.queue import QueueItem
from services.worklist.item.decide.urgency import RANK

Standing = tuple[int, int, int, int, int, int, int, str]
Place = tuple[int, int, int, int, int, int, int, int, str]
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


def place(row: QueueItem, now: datetime, policy: str, category_rank: Mapping[str, int]) -> Place:
    """Where a row stands: claimed items stand apart, after those that wait, and those on hold after them."""
    apart = 2 if row.resume_on else int(row.status != "waiting")
    return (apart, *POLICIES[policy](row, now, category_rank))
