"""What requests about items say, and what is shown of one. No rules: they are asked."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel

from backbone.http.calls import Document, RequestBody
from backbone.http.history import HistoryEntry
from backbone.http.resources import UnverifiedDocument
from backbone.model import like, tag_of
from schemas.codes import Priority as PriorityCode
from schemas.codes import Queue
from schemas.fact import Code, Day, Id
from schemas.queue import QueueItem
from schemas.worklist.v1.codes import HOLD_REASON
from services.worklist.item.commands import ReleaseReason, TransferReason
from services.worklist.item.states import Claimed, OnHold, Open, Opened
from services.worklist.rules import Rules


class Release(RequestBody):
    reason: ReleaseReason = "not_needed_now"


class Transfer(RequestBody):
    queue: Queue
    reason: TransferReason


class Hold(RequestBody):
    """Until this clinic-local day."""

    reason: Annotated[str, HOLD_REASON.only]
    resume_on: Day


class Priority(RequestBody):
    priority: PriorityCode


class ItemDocument(QueueItem):
    """An item, open or ended. Its latest move can be undone until `undo_until`."""

    status: Literal["waiting", "claimed", "on_hold", "completed", "cancelled"]  # type: ignore[assignment]
    overdue: bool
    entry_id: Id
    opened_by_event: Id
    undo_until: datetime | None = None
    unverified: tuple[UnverifiedDocument, ...] = ()  # type: ignore[assignment]


class History(BaseModel):
    item_id: Id
    changes: list[HistoryEntry]


class ActionDocument(BaseModel):
    """`allowed` to the caller. These roles, disciplines and persons may; a transfer goes to `queues`."""

    action: Code
    allowed: bool
    roles: list[Code] = []
    disciplines: list[Queue] = []
    persons: list[Id] = []
    queues: list[Queue] = []
    reason: str | None = None


class Actions(BaseModel):
    item_id: Id
    version: int
    actions: list[ActionDocument]


def item_document(state: Opened, now: datetime, rules: Rules) -> Document:
    item, claimed = state.item, state if isinstance(state, Claimed) else None
    held, last = state if isinstance(state, OnHold) else None, state.last if isinstance(state, Open) else None
    document = like(
        ItemDocument,
        item,
        item_id=item.id,
        status=tag_of(type(state)),
        claimed_by=claimed and claimed.by,
        claimed_at=claimed and claimed.since,
        kept_at=claimed and claimed.kept_at,
        resume_on=held and held.resume_on,
        hold_reason=held and held.reason,
        overdue=isinstance(state, Open) and item.due_at is not None and item.due_at <= now,
        opened_by_event=item.opened.event_id,
        unverified=[UnverifiedDocument(**each._asdict()) for each in item.unverified],
        undo_until=last and last.at + rules.undo_window,
    )
    return document.model_dump(mode="json", exclude_none=True)
