"""Reads for the API, SQL as SQL. Nothing here changes anything or decides who may see it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from schemas.queue import QueueItem
from schemas.topics import queue_topic

Connection = Any
"""An asyncpg connection."""


async def rows_of(connection: Connection, queue: str) -> list[QueueItem]:
    """The open items of a queue, as its topic carries them, in no order."""
    rows = await connection.fetch("SELECT value FROM live_row WHERE topic = $1", queue_topic(queue))
    return [QueueItem.model_validate_json(row[0]) for row in rows]


async def still_there(connection: Connection, queue: str, item_ids: Collection[str]) -> list[bytes]:
    """The rows of those items that are in the queue now."""
    rows = await connection.fetch(
        "SELECT value FROM live_row WHERE topic = $1 AND key = ANY($2::text[])",
        queue_topic(queue),
        list(item_ids),
    )
    return [row[0] for row in rows]


class Counts(msgspec.Struct, frozen=True):
    """How much is open in a queue; overdue counts claimed items too."""

    waiting: int = 0
    claimed: int = 0
    overdue: int = 0


async def counts(connection: Connection, now: datetime) -> Mapping[str, Counts]:
    """By topic; a queue without open items is not among them."""
    # Rows are the JSON of the topic: its codes and times are read where they stand.
    rows = await connection.fetch(
        """SELECT topic,
                  count(*) FILTER (WHERE item ->> 'status' = 'waiting'),
                  count(*) FILTER (WHERE item ->> 'status' = 'claimed'),
                  count(*) FILTER (WHERE (item ->> 'due_at')::timestamptz <= $1)
           FROM (SELECT topic, convert_from(value, 'UTF8')::json AS item FROM live_row) AS rows
           GROUP BY topic""",
        now,
    )
    return {row[0]: Counts(row[1], row[2], row[3]) for row in rows}


class Happened(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact of a patient's timeline, as it arrived. `data` is the fact's JSON."""

    id: int
    type: str
    occurred_at: datetime
    aggregate_id: str
    referral_id: str | None
    actor_kind: str | None
    actor_id: str | None
    actor_role: str | None
    data: msgspec.Raw


TIMELINE = """
-- What the worklist consumed about a patient, in order of arrival, after a place.
SELECT id, type, occurred_at, aggregate_id::text, pathway_id::text, convert_from(headers, 'UTF8'), data
  FROM timeline WHERE lane_key = $1::uuid AND id > $2 ORDER BY id LIMIT $3
"""


async def timeline(connection: Connection, patient_id: str, after: int, limit: int) -> Sequence[Happened]:
    """Facts of a patient; one more than `limit` says that there are more."""
    rows = await connection.fetch(TIMELINE, patient_id, after, limit + 1)
    return [happened(row) for row in rows]


def happened(row: Any) -> Happened:
    head = msgspec.json.decode(row[5])
    who = (head.get("ce_actorkind"), head.get("ce_actorid"), head.get("ce_actorrole"))
    return Happened(row[0], row[1], row[2], row[3], row[4], *who, msgspec.Raw(row[6]))


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact of an item's history: what, when, by whom, because of what."""

    version: int
    type: str
    occurred_at: datetime
    causation_id: str
    actor_kind: str
    actor_id: str | None
    actor_role: str | None
    rules: str | None
    data: msgspec.Raw


async def history(connection: Connection, item_id: str) -> Sequence[Change]:
    """Everything that happened to an item, oldest first, private steps included."""
    rows = await connection.fetch(
        """SELECT version, type, occurred_at, causation_id::text AS causation_id,
                  actor_kind, actor_id, actor_role, rules, data
           FROM journal WHERE aggregate_kind = 'item' AND aggregate_id = $1::uuid ORDER BY version""",
        item_id,
    )
    return [Change(**dict(row, data=msgspec.Raw(row["data"]))) for row in rows]
