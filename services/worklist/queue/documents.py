"""What the HTTP interface shows: queues, rows, items. No rules: they are asked."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from backbone.http.calls import Document
from backbone.http.problems import not_found
from backbone.model import Snapshot, tag_of
from schemas.codes import Queue
from schemas.queue import QueueItem
from services.worklist.domain.item.view import row_fields
from services.worklist.item.states import Cancelled, Claimed, Completed, Waiting
from services.worklist.queue.decide import overdue, place
from services.worklist.rules import Rules


class QueueSummary(BaseModel):
    """`yours`: the caller works in it."""

    queue: Queue
    waiting: int
    claimed: int
    overdue: int
    yours: bool


class Queues(BaseModel):
    queues: list[QueueSummary]


class QueueRow(QueueItem):
    """`order` compares element by element; what stands first compares less."""

    overdue: bool
    order: list[int | str]


class QueuePage(BaseModel):
    """Sorted as it was at `at`. `next` is the cursor of the next page."""

    queue: Queue
    at: datetime
    items: list[QueueRow]
    next: str | None = None


class ItemDocument(QueueItem):
    """An item, open or ended."""

    status: Literal["waiting", "claimed", "completed", "cancelled"]  # type: ignore[assignment]
    overdue: bool
    entry_id: str
    opened_by_event: str


class HistoryEntry(BaseModel):
    """`type` without service and version; `data` is the fact."""

    version: int
    type: str
    occurred_at: datetime
    causation_id: str
    actor_kind: str
    actor_id: str | None = None
    actor_role: str | None = None
    rules: str | None = None
    data: dict[str, Any]


class History(BaseModel):
    item_id: str
    changes: list[HistoryEntry]


class ActionDocument(BaseModel):
    """`allowed` to the caller. These roles, disciplines and persons may; a transfer goes to `queues`."""

    action: Literal["claim", "release", "transfer", "undo"]
    allowed: bool
    roles: list[str] = []
    disciplines: list[Queue] = []
    persons: list[str] = []
    queues: list[Queue] = []


class Actions(BaseModel):
    item_id: str
    version: int
    actions: list[ActionDocument]


def row_document(row: QueueItem, now: datetime, rules: Rules) -> Document:
    """A row with its place in the queue."""
    where = place(row, now, rules.ordering, rules.category_rank)
    return row.model_dump(mode="json", exclude_none=True) | {
        "overdue": overdue(row, now),
        "order": list(where),
    }


def item_document(snapshot: Snapshot[Any], now: datetime) -> Document:
    """Raises Problem 404 for what was never opened."""
    state = snapshot.state
    if not isinstance(state, Waiting | Claimed | Completed | Cancelled):
        raise not_found("item")
    item = state.item
    late = isinstance(state, Waiting | Claimed) and item.due_at is not None and item.due_at <= now
    document = ItemDocument.model_validate(
        row_fields(state)
        | {
            "status": tag_of(type(state)),
            "overdue": late,
            "entry_id": item.entry_id,
            "opened_by_event": item.opened.event_id,
        }
    )
    return document.model_dump(mode="json", exclude_none=True)
