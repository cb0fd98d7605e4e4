"""The fields that facts of an item share."""

from typing import Any

from backbone.model import Given
from services.worklist.item.commands import OpenItem
from services.worklist.item.states import Item, Source


def stamp(item: Item, after: int, queue: str | None = None) -> dict[str, Any]:
    """What every public fact of an item carries. `after`: which fact of this decision it is, from 1."""
    return {
        "item_id": item.id,
        "item_type": item.item_type,
        "queue": queue or item.queue,
        "item_version": item.version + after,
    }


def birth_stamp(command: OpenItem, given: Given[Any]) -> dict[str, Any]:
    """The same for an item that is opened for the first time."""
    return {
        "item_id": given.target,
        "item_type": command.item_type,
        "queue": command.queue,
        "item_version": given.version + 1,
    }


def sourced(source: Source) -> dict[str, Any]:
    """What every private fact carries of the fact behind it."""
    return {
        "by_event": source.event_id,
        "by_event_at": source.at,
        "by_aggregate": source.aggregate_id,
        "by_sequence": source.sequence,
    }
