"""Reads of timelines for the API. Nothing here changes anything or decides who may see it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from backbone.http.calls import Document

TIMELINE = """
-- What the worklist consumed about a person, in order of arrival, after a place.
SELECT id, type, occurred_at, aggregate_id::text, pathway_id::text AS referral_id,
       head ->> 'ce_actorkind' AS actor_kind, head ->> 'ce_actorid' AS actor_id, head ->> 'ce_actorrole' AS actor_role,
       head ->> 'ce_rules' AS rules, data
  FROM timeline, LATERAL (SELECT convert_from(headers, 'UTF8')::json AS head) AS heads
 WHERE lane_key = ANY($1::uuid[]) AND id > $2 ORDER BY id LIMIT $3
"""


async def timeline(connection: Any, records: Sequence[str], after: int, limit: int) -> list[Document]:
    """Facts of a person, under any of their ids; one more than `limit` says that there are more."""
    rows = await connection.fetch(TIMELINE, list(records), after, limit + 1)
    return [{**row, "data": msgspec.Raw(row["data"])} for row in rows]
