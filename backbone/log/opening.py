"""Records that came sealed, as they were. Of whom they tell nothing any more, they are as if they had not come."""

from collections.abc import Sequence

from backbone.log.records import Record
from backbone.store.sealing import Kept, Seals, record_place
from schemas.topics import SEALED


async def opened(seals: Seals, topic: str, records: Sequence[Record]) -> Sequence[Record]:
    """In order, without tombstones and what can't be opened any more."""
    if topic not in SEALED:
        return records
    told = [record for record in records if record.value is not None or record.problem]
    bodies = await seals.opened([Kept(place_of(topic, record), record.value or b"") for record in told])
    pairs = zip(told, bodies, strict=True)
    return [record._replace(value=body) for record, body in pairs if body is not None]


def place_of(topic: str, record: Record) -> str:
    return record_place(topic, (record.key or b"").decode(errors="replace"))
