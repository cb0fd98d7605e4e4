"""A queue as it was: the journal of its items up to an instant, folded as the engine folds it (WL-02). Reads only."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from backbone.engine.verify import fold
from backbone.http.problems import unfit
from schemas.queue import QueueItem
from services.worklist.item.aggregate import ITEM, row_of
from services.worklist.item.states import Open

FURTHEST = timedelta(days=31)
MOST = 20_000
"""Items that are folded for one answer."""
AT_ONCE = 200

THEN = """
-- The facts up to an instant, in order, of each item that may have been open in a queue then. One that is over and
-- unchanged since was over then; one that is elsewhere and was not moved since was elsewhere then.
SELECT journal.aggregate_id::text, array_agg(ROW(
           journal.version, journal.sequence, fact_id::text, type, journal.lane_key::text, journal.pathway_id::text,
           occurred_at, recorded_at, correlation_id::text, causation_id::text, actor_kind, actor_id, actor_role, rules,
           traceparent, data
       ) ORDER BY journal.version)
  FROM item JOIN journal ON journal.aggregate_id = item.id
 WHERE (open = 'true' OR updated_at > $2)
   AND (body -> 'item' ->> 'queue' = $1
        OR EXISTS (SELECT FROM journal AS later WHERE later.aggregate_id = item.id AND later.recorded_at > $2
                      AND later.type IN ('worklist.item_transferred.v1', 'worklist.transition_undone.v1',
                                         'worklist.item_reopened.v1')))
   AND journal.aggregate_kind = 'item' AND journal.recorded_at <= $2
 GROUP BY journal.aggregate_id
 LIMIT $3
"""


def check_past(at: datetime, now: datetime) -> None:
    """Raises Problem 422 for what has not been yet, and for what is too long ago."""
    if not now - FURTHEST <= at <= now:
        detail = f"A queue is shown as it was within the last {FURTHEST.days} days."
        raise unfit("not-then", detail, "at", "query", 422)


async def rows_then(connection: Any, queue: str, at: datetime) -> list[QueueItem]:
    """Raises Problem 422 where too much has happened since."""
    found = await connection.fetch(THEN, queue, at, MOST + 1)
    if len(found) > MOST:
        detail = "Too much has happened since then to show this queue as it was."
        raise unfit("not-then", detail, "at", "query", 422)
    rows: list[QueueItem] = []
    for start in range(0, len(found), AT_ONCE):
        rows += open_in(queue, found[start : start + AT_ONCE])
        await asyncio.sleep(0)
    return rows


def open_in(queue: str, items: Sequence[tuple[str, list[Any]]]) -> Iterator[QueueItem]:
    """The rows of those that the facts leave open in the queue."""
    for item_id, facts in items:
        state, _, _ = fold(ITEM, item_id, facts)
        if isinstance(state, Open) and state.item.queue == queue:
            yield row_of(state)
