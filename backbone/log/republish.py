"""What a service has told, once more to Kafka: facts out of its journal, and what its compacted topics say now.

The facts are the same, with the same ids: who has handled one drops it. So they may go only as far back as everybody
remembers what was handled.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from backbone.engine.engine import Engine
from backbone.engine.verify import head_of
from backbone.engine.writes import NO_HEADERS, shard_of
from backbone.model.aggregate import Aggregate, no_publications
from backbone.model.wire import headers_of
from backbone.store.rows import OutboxRow
from backbone.store.sealing import UNSEALED, Seals, opened_contents, sealed_outbox

AT_ONCE = 1_000
Connection = Any
"""An asyncpg connection."""

# Public facts of all aggregates, each aggregate's in its order. In the form that `head_of` reads.
TOLD = """
SELECT version, sequence, fact_id::text, type, lane_key::text, pathway_id::text, occurred_at, recorded_at,
       correlation_id::text, causation_id::text, actor_kind, actor_id, actor_role, rules, traceparent, data,
       aggregate_kind, aggregate_id::text
FROM journal WHERE sequence IS NOT NULL AND recorded_at >= $1 ORDER BY recorded_at, aggregate_id, version
"""


class Republished(NamedTuple):
    """How many."""

    facts: int
    values: int


async def republish(
    connection: Connection, engine: Engine, since: datetime, now: datetime, seals: Seals = UNSEALED
) -> Republished:
    """Into the outbox, in one transaction. Whoever decides something meanwhile waits, so that it goes behind."""
    facts = values = 0
    async with connection.transaction():
        await connection.execute("LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE")
        # What was not sent yet is in the journal too, and goes from there: in order.
        await connection.execute(
            "DELETE FROM outbox WHERE topic = $1 AND recorded_at >= $2", engine.service.events_topic, since
        )
        async for rows in fact_rows(connection, engine, since, now):
            facts += await _add(connection, rows)
        async for rows in value_rows(connection, engine, now, seals):
            values += await _add(connection, await sealed_outbox(seals, rows))
        await connection.execute("NOTIFY outbox")
    return Republished(facts, values)


async def _add(connection: Connection, rows: Sequence[OutboxRow]) -> int:
    await connection.copy_records_to_table("outbox", records=rows, columns=OutboxRow._fields)
    return len(rows)


async def fact_rows(
    connection: Connection, engine: Engine, since: datetime, now: datetime
) -> AsyncIterator[list[OutboxRow]]:
    service = engine.service
    cursor = await connection.cursor(TOLD, since)
    while rows := await cursor.fetch(AT_ONCE):
        heads = [head_of(row[16], row[17], row, service.name) for row in rows]
        keys = [head.lane_key or head.aggregate_id for head in heads]
        yield [
            OutboxRow(shard_of(engine, key), service.events_topic, key, row["data"], headers_of(head), now)
            for head, key, row in zip(heads, keys, rows, strict=True)
        ]


async def value_rows(
    connection: Connection, engine: Engine, now: datetime, seals: Seals
) -> AsyncIterator[list[OutboxRow]]:
    for kind, aggregate in engine.kinds.items():
        if aggregate.publications is no_publications:
            continue
        cursor = await connection.cursor(f"SELECT body FROM {kind} ORDER BY id")
        while rows := await cursor.fetch(AT_ONCE):
            published = list(publications_of(aggregate, [row["body"] for row in rows]))
            bodies = await _bodies(
                connection, [each.content_ref for each in published if each.content_ref], seals
            )
            yield [
                OutboxRow(
                    shard_of(engine, each.key),
                    each.topic,
                    each.key,
                    bodies.get(each.content_ref) if each.content_ref else each.value,
                    NO_HEADERS,
                    now,
                )
                for each in published
            ]


def publications_of(aggregate: Aggregate[Any], bodies: list[bytes]) -> Any:
    for body in bodies:
        yield from aggregate.publications(aggregate.state_decoder.decode(body))


async def _bodies(connection: Connection, refs: list[str], seals: Seals) -> Mapping[str, bytes | None]:
    """Content that was erased has none: then the value is a tombstone, as it was published."""
    rows = await connection.fetch("SELECT ref::text, body FROM content WHERE ref = ANY($1::uuid[])", refs)
    found = await opened_contents(seals, [(row[0], row[1] or b"") for row in rows])
    return {ref: body or None for ref, body in found.items()}
