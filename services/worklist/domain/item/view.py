"""What follows from an item's shape: its row in the queue's topic, its timers, the columns that find it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from backbone.model import Column, Columns, Flag, Publication, Timer
from schemas.queue import QueueItem
from schemas.topics import queue_topic
from services.worklist.catalogue.decide.table import CLEANED_UP
from services.worklist.item.commands import ReleaseIdle
from services.worklist.item.decide.movements import idle_for
from services.worklist.item.states import Cancelled, Claimed, Completed, Item, Waiting
from services.worklist.rules import Rules


def publications(state: Any) -> Iterable[Publication]:
    """An open item stands in its queue's topic; in any other state the engine leaves a tombstone."""
    if isinstance(state, Waiting | Claimed):
        yield Publication(
            queue_topic(state.item.queue), state.item.id, queue_row(state).model_dump_json().encode()
        )


def queue_row(state: Waiting | Claimed) -> QueueItem:
    """The row as the topic and every view carry it."""
    return QueueItem(**row_fields(state), status="claimed" if isinstance(state, Claimed) else "waiting")


def row_fields(state: Waiting | Claimed | Completed | Cancelled) -> dict[str, Any]:
    """What is shown of an item besides its status."""
    item = state.item
    return {
        "item_id": item.id,
        "version": item.version,
        "number": item.number,
        "item_type": item.item_type,
        "queue": item.queue,
        "priority": item.priority,
        "level": item.level,
        "due_at": item.due_at,
        "ack_due_at": item.ack_due_at,
        "waiting_since": item.waiting_since,
        "claimed_by": state.by if isinstance(state, Claimed) else None,
        "claimed_at": state.since if isinstance(state, Claimed) else None,
        "subject_type": item.subject_type,
        "subject_id": item.subject_id,
        "patient_id": item.patient_id,
        "referral_id": item.referral_id,
        "category": item.category,
        "target_date": item.target_date,
    }


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """A claim that rests goes back to the queue."""
    if isinstance(state, Claimed):
        return {"idle": Timer(state.since + idle_for(state.item, rules), ReleaseIdle())}
    return {}


def of_item(read: Callable[[Item], str | None]) -> Callable[[Any], str | None]:
    """A column of the item, where there is one."""

    def column(state: Any) -> str | None:
        item = getattr(state, "item", None)
        return None if item is None else read(item)

    return column


class Items(Columns):
    """How items are found. `ends_with_referral`: open, and of a type that the end of the referral cancels."""

    item_type = Column(of_item(lambda item: item.item_type))
    subject_id = Column(of_item(lambda item: item.subject_id))
    referral_id = Column(of_item(lambda item: item.referral_id))
    open = Flag(lambda state: isinstance(state, Waiting | Claimed))
    ends_with_referral = Flag(
        lambda state: isinstance(state, Waiting | Claimed) and state.item.item_type in CLEANED_UP
    )
