"""Reads of queues for the API, SQL as SQL. Nothing here changes anything or decides who may see it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from backbone.telemetry import Figure
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

ITEMS = """
-- How much is open, by queue and type: all of it, what is overdue, and since when the first has waited.
SELECT item ->> 'queue', item ->> 'item_type', count(*),
       count(*) FILTER (WHERE (item ->> 'due_at')::timestamptz <= $1),
       min((item ->> 'waiting_since')::timestamptz)
  FROM (SELECT convert_from(value, 'UTF8')::json AS item FROM live_row) AS rows
 GROUP BY 1, 2 ORDER BY 1, 2
"""


async def figures(connection: Any, now: datetime) -> Iterator[Figure]:
    """What is watched from outside: open work by type, and referrals without a next step."""
    rows = await connection.fetch(ITEMS, now)
    unowned = await connection.fetchval("SELECT count(*) FROM episode WHERE status = 'unowned'")
    return counted(rows, unowned, now)


def counted(rows: Iterable[Any], unowned: int, now: datetime) -> Iterator[Figure]:
    yield Figure("huddle_episodes_unowned", "Referrals without a next step", {}, unowned)
    for queue, item_type, number, overdue, since in rows:
        safety = "yes" if item_type in ABOUT_SAFETY else "no"
        labels = {"queue": queue, "item_type": item_type, "safety": safety}
        yield Figure("huddle_items_open", "Open items", labels, number)
        yield Figure("huddle_items_overdue", "Open items past their due time", labels, overdue)
        waits = (now - since).total_seconds()
        yield Figure("huddle_items_longest_wait_seconds", "How long the first has waited", labels, waits)


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
