"""Everything that happened to one thing, as its journal has it: for whoever asks how it came to stand as it does."""

from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel

from backbone.engine.runtime import Runtime
from backbone.http.calls import Document
from schemas.fact import Code, Id

HISTORY = """
-- Everything that happened to an aggregate, oldest first, private steps included.
SELECT version, type, occurred_at, causation_id::text, actor_kind, actor_id, actor_role, rules, data
  FROM journal WHERE aggregate_kind = $1 AND aggregate_id = $2::uuid ORDER BY version
"""


class HistoryEntry(BaseModel):
    """`type` as topics have it, `worklist.item_opened.v1`; `data` is the fact."""

    version: int
    type: str
    occurred_at: datetime
    causation_id: Id
    actor_kind: Code
    actor_id: Id | None = None
    actor_role: Code | None = None
    rules: str | None = None
    data: dict[str, Any]


async def history(runtime: Runtime, kind: str, aggregate_id: str) -> list[Document]:
    async with runtime.connection() as connection:
        rows = await connection.fetch(HISTORY, kind, aggregate_id)
    return [{**row, "data": msgspec.Raw(row["data"])} for row in rows]
