"""What Kafka never takes as it is: rows set aside from the outbox, and effects that are not called any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

STAMP = """
WITH oldest AS (SELECT id FROM outbox WHERE shard = $1 ORDER BY id LIMIT $2),
     stamped AS (UPDATE outbox SET batch = $3 WHERE id IN (SELECT id FROM oldest)
                 RETURNING id, topic, key, value, headers),
     numbered AS (INSERT INTO relay_batch SELECT $1, $3 FROM stamped LIMIT 1
                  ON CONFLICT (shard) DO UPDATE SET batch = excluded.batch)
SELECT * FROM stamped ORDER BY id"""

STAMP_OR_HOLD_BACK = """
WITH oldest AS (SELECT * FROM outbox WHERE shard = $1 ORDER BY id LIMIT $2),
     held AS (SELECT oldest.id, waiting.place
              FROM oldest CROSS JOIN LATERAL
                   (SELECT place FROM undeliverable AS older
                    WHERE place IN (oldest.topic, oldest.topic || '/' || oldest.key) AND older.id < oldest.id
                    ORDER BY place LIMIT 1) AS waiting
              WHERE position('"ce_aggregatetype":"parking"'::bytea IN headers) = 0),
     gone AS (DELETE FROM outbox USING held WHERE outbox.id = held.id RETURNING outbox.*, held.place),
     kept AS (INSERT INTO undeliverable (id, shard, place, topic, key, value, headers, recorded_at, reason)
              SELECT id, shard, place, topic, key, value, headers, recorded_at, 'behind' FROM gone),
     stamped AS (UPDATE outbox SET batch = $3
                 WHERE id IN (SELECT id FROM oldest EXCEPT SELECT id FROM held)
                 RETURNING id, topic, key, value, headers),
     numbered AS (INSERT INTO relay_batch SELECT $1, $3 FROM stamped LIMIT 1
                  ON CONFLICT (shard) DO UPDATE SET batch = excluded.batch)
SELECT * FROM stamped ORDER BY id"""
"""As above, but what stands behind something that was set aside is set aside too. Only the facts that tell of it go
past it: those of the aggregate `parking`."""

PLACES = """
SELECT place, count(*), (array_agg(reason ORDER BY id))[1], min(recorded_at) FROM undeliverable GROUP BY place
UNION ALL SELECT 'effect/' || kind || '/' || id, 1, stopped, stopped_at FROM effect WHERE stopped IS NOT NULL
ORDER BY 4"""

SHOWN = """
SELECT id::text, topic, key, reason, recorded_at FROM undeliverable WHERE place = $1
UNION ALL SELECT id::text, kind, aggregate_id::text, stopped, stopped_at
          FROM effect WHERE stopped IS NOT NULL AND 'effect/' || kind || '/' || id = $1
ORDER BY 5, 1 LIMIT 1000"""


class Place(NamedTuple):
    """Rows that wait together, oldest first: a topic, one key of a topic, or an effect."""

    place: str
    rows: int
    reason: str
    since: datetime


class Shown(NamedTuple):
    """A row that waits. Never its content. Of an effect: its kind, and the id of its aggregate."""

    id: str
    topic: str
    key: str
    reason: str
    recorded_at: datetime


async def lock(connection: Any) -> None:
    # One at a time: a row must not be held back behind something that is put back at the same moment.
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('undeliverable'), 0)")


async def holding(connection: Any) -> bool:
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM undeliverable)")
    return found


async def set_aside(connection: Any, row: int, place: str, reason: str) -> bool:
    # Out of the outbox; whether it still was in it.
    done: str = await connection.execute(
        """WITH gone AS (DELETE FROM outbox WHERE id = $1 RETURNING *)
           INSERT INTO undeliverable (id, shard, place, topic, key, value, headers, recorded_at, reason)
           SELECT id, shard, $2, topic, key, value, headers, recorded_at, $3 FROM gone""",
        row,
        place,
        reason,
    )
    return not done.endswith(" 0")


async def places(connection: Any) -> Sequence[Place]:
    return [Place(*row) for row in await connection.fetch(PLACES)]


async def shown(connection: Any, place: str) -> Sequence[Shown]:
    return [Shown(*row) for row in await connection.fetch(SHOWN, place)]


async def put_back(connection: Any, place: str, now: datetime) -> int:
    # Back into the outbox under their old ids, so in their old order and before what came later. How many.
    done: str = await connection.execute(
        """WITH gone AS (DELETE FROM undeliverable WHERE place = $1 RETURNING *)
           INSERT INTO outbox (id, shard, topic, key, value, headers, recorded_at) OVERRIDING SYSTEM VALUE
           SELECT id, shard, topic, key, value, headers, $2 FROM gone""",
        place,
        now,
    )
    await connection.execute("NOTIFY outbox")
    return int(done.rpartition(" ")[2])


async def call_again(connection: Any, place: str) -> int:
    # The effect is free again; the outside may have seen its first call, so this is not the first one. How many.
    done: str = await connection.execute(
        """UPDATE effect SET stopped = NULL, stopped_at = NULL, attempt = 1, free_at = '-infinity'
           WHERE stopped IS NOT NULL AND 'effect/' || kind || '/' || id = $1""",
        place,
    )
    await connection.execute("NOTIFY effect")
    return int(done.rpartition(" ")[2])


async def drop_call(connection: Any, place: str) -> str | None:
    # For good. The id of the effect that is not called any more.
    dropped: str | None = await connection.fetchval(
        "DELETE FROM effect WHERE stopped IS NOT NULL AND 'effect/' || kind || '/' || id = $1 RETURNING id::text",
        place,
    )
    return dropped


async def drop_first(connection: Any, place: str) -> bytes | None:
    # For good. The headers of what was dropped.
    headers: bytes | None = await connection.fetchval(
        """DELETE FROM undeliverable WHERE id = (SELECT min(id) FROM undeliverable WHERE place = $1)
           RETURNING headers""",
        place,
    )
    return headers
