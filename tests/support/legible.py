"""Everything that somebody could read who has every copy of everything, and all keys that there are."""

from collections.abc import Iterable
from pathlib import Path

import asyncpg

from backbone.store.rows import Once
from backbone.store.sealing import MARK, Kept, Seals, answer_place, content_place, parked_place, record_place
from tests.support.keys import dumped
from tests.support.memory_system import Message

CONTENT = "SELECT ref::text, body FROM content WHERE body IS NOT NULL"
PARKED = "SELECT record_id::text, value, error FROM parked"
ANSWERS = "SELECT scope, key, answer FROM idempotency"
GOING_OUT = "SELECT topic, key, value FROM outbox UNION ALL SELECT topic, key, value FROM undeliverable"


async def of_database(url: str, seals: Seals, file: Path) -> bytes:
    """What its dump says, and what the keys open of it."""
    connection = await asyncpg.connect(url)
    try:
        kept = [Kept(content_place(ref), body) for ref, body in await connection.fetch(CONTENT)]
        for record_id, value, error in await connection.fetch(PARKED):
            kept += [Kept(parked_place(record_id, "error"), error)]
            kept += [Kept(parked_place(record_id, "value"), value)] if value else []
        for scope, key, answer in await connection.fetch(ANSWERS):
            kept.append(Kept(answer_place(Once(key, scope, "")), answer))
        for topic, key, value in await connection.fetch(GOING_OUT):
            kept += [Kept(record_place(topic, key), value)] if value else []
    finally:
        await connection.close()
    assert all(
        each.body.startswith(MARK) or not each.place.startswith(("content", "parked")) for each in kept
    )
    return await dumped(url, file) + b"\n".join(filter(None, await seals.opened(kept)))


async def of_log(log: dict[tuple[str, int], list[Message]], seals: Seals) -> bytes:
    """All records of all topics, tombstones or not yet compacted."""
    records = [(topic, each) for (topic, _), messages in log.items() for each in messages]
    kept = [Kept(record_place(topic, each.key or ""), each.value or b"") for topic, each in records]
    heads = "\n".join(f"{each.key} {each.headers}" for _, each in records).encode()
    return heads + b"\n".join(filter(None, await seals.opened(kept)))


def found(planted: Iterable[str], text: bytes) -> list[str]:
    """Which of these stand there, whatever their case."""
    folded = text.lower()
    return [each for each in planted if each.lower().encode() in folded]
