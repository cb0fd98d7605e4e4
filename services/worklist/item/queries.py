"""Reads of items for the API. Nothing here changes anything or decides who may see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

HISTORY = """
-- Everything that happened to an item, oldest first, private steps included.
SELECT version, type, occurred_at, causation_id::text AS causation_id, actor_kind, actor_id, actor_role, rules, data
  FROM journal WHERE aggregate_kind = 'item' AND aggregate_id = $1::uuid ORDER BY version
"""


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


async def history(connection: Any, item_id: str) -> Sequence[Change]:
    rows = await connection.fetch(HISTORY, item_id)
    return [Change(**dict(row, data=msgspec.Raw(row["data"]))) for row in rows]
