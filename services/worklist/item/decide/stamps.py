"""What the facts of an item carry beside what they say: the item as it stands, and the fact behind a private step."""

from typing import Any, TypeVar

from backbone.model import like
from schemas.worklist.v1.item import ItemFact
from services.worklist.item.states import Item, Source

F = TypeVar("F", bound=ItemFact)


def fact_of(item: Item, fact: type[F], *, after: int = 1, **says: Any) -> F:
    """A public fact of the item. `after`: which fact of this decision it is, from 1."""
    return like(fact, item, **{"item_id": item.id, "item_version": item.version + after} | says)


def caused_by(source: Source) -> dict[str, Any]:
    """What every private step carries of the fact behind it."""
    return {
        "by_event": source.event_id,
        "by_event_at": source.at,
        "by_aggregate": source.aggregate_id,
        "by_aggregate_type": source.aggregate_type or None,
        "by_sequence": source.sequence,
    }
