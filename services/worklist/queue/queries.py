"""Reads of queues for the API, SQL as SQL. Nothing here changes anything or decides who may see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from schemas.queue import QueueItem
from schemas.topics import queue_topic
from services.worklist.queue.decide import ABOUT_SAFETY

OPEN = """
-- The open items of a queue, as its topic carries them, in no order.
SELECT value FROM live_row WHERE topic = $1
"""

COUNTS = """
-- How much is open, by topic. Rows are the JSON of the topic: its codes and times are read where they stand.
SELECT topic,
       count(*) FILTER (WHERE item ->> 'status' = 'waiting' AND item ->> 'resume_on' IS NULL),
       count(*) FILTER (WHERE item ->> 'status' = 'claimed'),
       count(*) FILTER (WHERE (item ->> 'due_at')::timestamptz <= $1),
       count(*) FILTER (WHERE item ->> 'item_type' = ANY($2::text[])),
       count(*) FILTER (WHERE item ->> 'resume_on' IS NOT NULL),
       min((item ->> 'waiting_since')::timestamptz)
  FROM (SELECT topic, convert_from(value, 'UTF8')::json AS item FROM live_row) AS rows
 GROUP BY topic
"""


async def rows_of(connection: Any, queue: str) -> list[QueueItem]:
    rows = await connection.fetch(OPEN, queue_topic(queue))
    return [QueueItem.model_validate_json(row[0]) for row in rows]


class Counts(msgspec.Struct, frozen=True):
    """How much is open in a queue; overdue and safety count claimed items too. Nothing open: no longest wait."""

    waiting: int = 0
    claimed: int = 0
    overdue: int = 0
    safety: int = 0
    on_hold: int = 0
    waiting_since: datetime | None = None


async def counts(connection: Any, now: datetime) -> Mapping[str, Counts]:
    """By topic; a queue without open items is not among them."""
    rows = await connection.fetch(COUNTS, now, sorted(ABOUT_SAFETY))
    return {row[0]: Counts(*row[1:]) for row in rows}
