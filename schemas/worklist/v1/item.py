"""Facts of work items: one piece of work about one subject, in one queue at a time."""

from typing import Annotated, ClassVar, Literal

from schemas.codes import ItemType, Priority, Queue
from schemas.fact import Count, Day, Fact, Id, Instant, Number, Place, Slug, sensitivity
from schemas.worklist.v1.codes import (
    CancelReason,
    HoldReason,
    ItemCause,
    ReleaseReason,
    SubjectType,
    TransferReason,
)


class ItemFact(Fact):
    """What every fact of an item carries."""

    aggregate: ClassVar[str] = "item"
    item_id: Id
    item_type: Annotated[ItemType, sensitivity("phi")]
    queue: Annotated[Queue, sensitivity("phi")]
    item_version: Count


class ItemOpened(ItemFact):
    """A fact asked for work. `number` is what people call it; `place`: where the record that is parked stands."""

    type: Literal["worklist.item_opened.v1"] = "worklist.item_opened.v1"
    entry_id: Id
    number: Number
    location: Slug | None = None
    subject_type: SubjectType
    subject_id: Id
    subject_version: Count | None = None
    place: Place | None = None
    priority: Priority
    due_at: Instant | None = None
    ack_due_at: Instant | None = None
    waiting_since: Instant
    opened_by_event: Id


class ItemClaimed(ItemFact):
    """A named person took it."""

    type: Literal["worklist.item_claimed.v1"] = "worklist.item_claimed.v1"
    entry_id: Id
    by_id: Id


class ItemReleased(ItemFact):
    """It is free again, in its old place."""

    type: Literal["worklist.item_released.v1"] = "worklist.item_released.v1"
    entry_id: Id
    reason: ReleaseReason


class ItemHeld(ItemFact):
    """It can't go on before this date."""

    type: Literal["worklist.item_held.v1"] = "worklist.item_held.v1"
    entry_id: Id
    reason: HoldReason | None = None
    resume_on: Day | None = None


class ItemResumed(ItemFact):
    """It waits in its queue again."""

    type: Literal["worklist.item_resumed.v1"] = "worklist.item_resumed.v1"
    entry_id: Id
    reason: HoldReason | None = None
    resume_on: Day | None = None


class ItemTransferred(ItemFact):
    """Another queue has it now; its waiting time goes on."""

    type: Literal["worklist.item_transferred.v1"] = "worklist.item_transferred.v1"
    from_queue: Annotated[Queue, sensitivity("phi")]
    from_entry_id: Id
    entry_id: Id
    reason: TransferReason
    by_id: Id


class ItemReprioritised(ItemFact):
    """A fact or a lead changed how urgent it is."""

    type: Literal["worklist.item_reprioritised.v1"] = "worklist.item_reprioritised.v1"
    priority: Priority
    due_at: Instant | None = None
    cause: ItemCause


class ItemEscalated(ItemFact):
    """It is overdue, nobody answered for it, or a lead wants it seen."""

    type: Literal["worklist.item_escalated.v1"] = "worklist.item_escalated.v1"
    level: Count
    priority: Priority
    cause: ItemCause


class ItemCompleted(ItemFact):
    """A fact says that the work is done. `item_wait_s` in seconds, from the first entry."""

    type: Literal["worklist.item_completed.v1"] = "worklist.item_completed.v1"
    entry_id: Id
    closed_by_event: Id | None = None
    completed_by: Id | None = None
    item_wait_s: Number


class ItemCancelled(ItemFact):
    """The work is no longer wanted."""

    type: Literal["worklist.item_cancelled.v1"] = "worklist.item_cancelled.v1"
    entry_id: Id
    reason: CancelReason


class ItemReopened(ItemFact):
    """The same subject needs the work again."""

    type: Literal["worklist.item_reopened.v1"] = "worklist.item_reopened.v1"
    entry_id: Id
    reason: ItemCause
    due_at: Instant | None = None


class TransitionUndone(ItemFact):
    """The latest move was taken back."""

    type: Literal["worklist.transition_undone.v1"] = "worklist.transition_undone.v1"
    undone_entry_id: Id
    restored_state: Literal["waiting", "claimed"]
    by_id: Id
