"""Looks into a store's tables, whichever store it is: what tests see and no production code needs."""

from typing import Any

from backbone.store.memory import MemoryStore
from backbone.store.postgres import PostgresStore

ORDER = {
    "journal": "recorded_at, ctid",
    "parked": "id",
    "refusal": "id",
    "deferred": "id",
    "content": "ref",
    "outbox": "id",
    "timer": "due",
    "alias": "id",
    "timeline": "id",
    "live_change": "seq",
}


class MemoryTables:
    """Rows of the store in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._tables = store.tables

    async def rows(self, table: str) -> list[dict[str, Any]]:
        found = getattr(self._tables, table)
        if table == "content":
            return [{"ref": ref, "body": body} for ref, body in found.items()]
        return [row._asdict() for row in (found.values() if isinstance(found, dict) else found)]

    async def take_outbox(self) -> list[dict[str, Any]]:
        rows = await self.rows("outbox")
        self._tables.outbox.clear()
        return rows


class PostgresTables:
    """Rows of a database."""

    def __init__(self, store: PostgresStore) -> None:
        self._pool = store.pool

    async def rows(self, table: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await self._pool.fetch(f"SELECT * FROM {table} ORDER BY {ORDER[table]}")]

    async def take_outbox(self) -> list[dict[str, Any]]:
        rows = await self._pool.fetch(
            "WITH taken AS (DELETE FROM outbox RETURNING *) SELECT * FROM taken ORDER BY id"
        )
        return [dict(row) for row in rows]


def tables_of(store: Any) -> Any:
    return MemoryTables(store) if isinstance(store, MemoryStore) else PostgresTables(store)
