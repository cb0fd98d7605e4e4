"""After a restore from an older backup: what Kafka has of us, and which numbers are therefore taken."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

Connection = Any
"""An asyncpg connection."""


AT_ONCE = 5_000


class Told(NamedTuple):
    """A fact of ours, as it stands in Kafka."""

    fact_id: str
    aggregate_kind: str
    aggregate_id: str
    sequence: int
    type: str
    recorded_at: datetime


# What the journal does not have: who runs a service may make no table for it, so by some at once.
KEEP = """
INSERT INTO told_before
SELECT DISTINCT ON (fact_id) came.* FROM
     unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::timestamptz[])
     AS came (fact_id, aggregate_kind, aggregate_id, sequence, type, recorded_at)
WHERE NOT EXISTS (SELECT FROM journal WHERE journal.aggregate_id = came.aggregate_id AND journal.fact_id = came.fact_id)
ON CONFLICT DO NOTHING
"""

UNKNOWN = """
SELECT fact_id::text, aggregate_kind, aggregate_id::text, sequence, type, recorded_at FROM told_before AS told
WHERE NOT EXISTS (SELECT FROM journal WHERE journal.aggregate_id = told.aggregate_id AND journal.fact_id = told.fact_id)
ORDER BY recorded_at, sequence
"""

# Numbers under which two facts are known: one of before the restore, one of after it.
TWICE = """
SELECT count(*) FROM told_before AS told JOIN journal USING (aggregate_id, aggregate_kind, sequence)
WHERE journal.fact_id <> told.fact_id
"""

RAISE = """
UPDATE {kind} SET sequence = told.top
FROM (SELECT aggregate_id, max(sequence) AS top FROM told_before WHERE aggregate_kind = $1 GROUP BY 1) AS told
WHERE id = told.aggregate_id AND sequence < told.top
"""

TAKEN = "SELECT aggregate_kind, aggregate_id::text, max(sequence) FROM told_before GROUP BY 1, 2"

KNOWS = """
INSERT INTO relay_batch VALUES ($1, $2)
ON CONFLICT (shard) DO UPDATE SET batch = greatest(relay_batch.batch, excluded.batch)
"""


async def keep(
    connection: Connection, kinds: Iterable[str], told: Sequence[Told], batches: Mapping[int, int]
) -> None:
    """In one transaction: no number that was told is given again, the relay's go on behind Kafka's, and what waits to
    be called may have been called."""
    async with connection.transaction():
        for start in range(0, len(told), AT_ONCE):
            await connection.execute(KEEP, *map(list, zip(*told[start : start + AT_ONCE], strict=True)))
        for kind in kinds:
            await connection.execute(RAISE.format(kind=kind), kind)
        await connection.execute("UPDATE effect SET attempt = 1 WHERE attempt = 0")
        for shard, batch in batches.items():
            await connection.execute(KNOWS, shard, batch)


async def unknown(connection: Connection) -> Sequence[Told]:
    """Facts that others have heard of us, and that we don't know (any more, or yet again)."""
    return [Told(*row) for row in await connection.fetch(UNKNOWN)]


async def told_twice(connection: Connection) -> int:
    """How many numbers stand for two facts."""
    count: int = await connection.fetchval(TWICE)
    return count


async def taken(connection: Connection) -> Mapping[tuple[str, str], int]:
    """By kind and id, the last number that was told: one that is born again goes on behind it."""
    return {(kind, aggregate_id): top for kind, aggregate_id, top in await connection.fetch(TAKEN)}
