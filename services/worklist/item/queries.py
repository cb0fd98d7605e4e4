"""Reads of items for the API. Nothing here changes anything or decides who may see it."""

from typing import Any

import msgspec

from backbone.http.calls import Document

HISTORY = """
-- Everything that happened to an item, oldest first, private steps included.
SELECT version, type, occurred_at, causation_id::text, actor_kind, actor_id, actor_role, rules, data
  FROM journal WHERE aggregate_kind = 'item' AND aggregate_id = $1::uuid ORDER BY version
"""


async def history(connection: Any, item_id: str) -> list[Document]:
    rows = await connection.fetch(HISTORY, item_id)
    return [{**row, "data": msgspec.Raw(row["data"])} for row in rows]
