"""The row of a queue, as its compacted topic and every view of it carry it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.codes import ItemType, Priority, Queue
from schemas.fact import Code, Id, Instant


class QueueItem(BaseModel):
    """An open item: opaque ids and codes (PRV-39). `version` is the item's; `level` counts escalations.

    `place`: which service could not handle which record (service:topic/partition/offset).
    """

    model_config = ConfigDict(frozen=True)
    item_id: Id
    version: int
    number: int
    item_type: ItemType
    queue: Queue
    status: Literal["waiting", "claimed"]
    priority: Priority
    level: int = 0
    due_at: Instant | None = None
    ack_due_at: Instant | None = None
    waiting_since: Instant
    claimed_by: Id | None = None
    claimed_at: Instant | None = None
    subject_type: Code
    subject_id: Id
    place: Code | None = None
    patient_id: Id | None = None
    referral_id: Id | None = None
    category: Code | None = None
    target_date: date | None = None
