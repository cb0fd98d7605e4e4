"""How a queue is sorted: pure functions of a row, the time and the clinic's order of categories."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from schemas.queue import QueueItem
from services.worklist.domain.urgency import RANK

Policy = Callable[[QueueItem, datetime, Mapping[str, int]], tuple[Any, ...]]
"""A sort key: what stands first compares less. The first difference decides."""

NEVER = datetime.max.replace(tzinfo=UTC)


def clinical_v1(row: QueueItem, now: datetime, category_rank: Mapping[str, int]) -> tuple[Any, ...]:
    """Priority, escalation, overdue, category and target date (REF-06), due time, waiting time, id."""
    return (
        RANK[row.priority],
        -row.level,
        not overdue(row, now),
        category_rank.get(row.category or "", len(category_rank)),
        row.target_date or date.max,
        row.due_at or NEVER,
        row.waiting_since,
        row.item_id,
    )


POLICIES: Mapping[str, Policy] = {"clinical_v1": clinical_v1}


def overdue(row: QueueItem, now: datetime) -> bool:
    """Its due time has passed; a claim does not stop it."""
    return row.due_at is not None and row.due_at <= now


def ordered(
    rows: Iterable[QueueItem], now: datetime, policy: str, category_rank: Mapping[str, int]
) -> list[QueueItem]:
    """Sorted by the policy; claimed items stand apart, after those that wait."""
    key = POLICIES[policy]
    return sorted(rows, key=lambda row: (row.status != "waiting", key(row, now, category_rank)))
