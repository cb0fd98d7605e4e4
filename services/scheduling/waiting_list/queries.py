"""Reads of the waiting list for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Sequence

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.scheduling.appointment.queries import read
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY
from services.scheduling.waiting_list.states import Entry

PAGE = """
-- Who waits, in order of category, target date and id (ATT-09), after the last one seen.
WITH ranked AS NOT MATERIALIZED (
  SELECT *, ARRAY[coalesce(body->'place'->>'category', '~'), coalesce(body->'place'->>'target_date', '~'), id::text]
            COLLATE "C" AS rank
    FROM waitlist_entry
)
SELECT id::text, version, body::text, lane_key::text, pathway_id::text FROM ranked
 WHERE open = 'true' AND ($1::uuid IS NULL OR rank > (SELECT rank FROM ranked WHERE id = $1))
 ORDER BY rank LIMIT $2
"""


async def page(runtime: Runtime, after: str | None, limit: int) -> Sequence[Snapshot[Entry]]:
    """Entries; one more than `limit` says that there are more."""
    return await read(runtime, WAITLIST_ENTRY, PAGE, after, limit + 1)
