"""What lists show, in both stores: the things of somebody that have begun, and what became of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from backbone.model.aggregate import Aggregate, tag_of
from backbone.store.rows import ListedState, ToldFact
from backbone.store.tables import Tables

BEGUN = """
-- What is somebody's and is not as everything is at first, in order of id, after the last one seen.
SELECT id::text, version, body, lane_key::text, pathway_id::text, updated_at FROM {kind}
 WHERE lane_key = ANY($1::uuid[]) AND status <> $2 AND ($3::uuid IS NULL OR id > $3)
 ORDER BY id LIMIT $4
"""
TOLD = """
-- Facts of these types in the journals of these aggregates, each aggregate's in order.
SELECT aggregate_id::text, type, occurred_at, actor_id, data FROM journal
 WHERE aggregate_id = ANY($1::uuid[]) AND type = ANY($2::text[]) ORDER BY aggregate_id, version
"""


def first_status(aggregate: Aggregate[Any]) -> str:
    return tag_of(type(aggregate.initial))


class PostgresReads:
    """Inside one open transaction."""

    connection: Any

    async def begun(
        self, aggregate: Aggregate[Any], lane_keys: Sequence[str], after: str | None, limit: int
    ) -> Sequence[ListedState]:
        statement = BEGUN.format(kind=aggregate.kind)
        rows = await self.connection.fetch(statement, list(lane_keys), first_status(aggregate), after, limit)
        return [ListedState(*row) for row in rows]

    async def told(self, aggregate_ids: Sequence[str], types: Collection[str]) -> Sequence[ToldFact]:
        rows = await self.connection.fetch(TOLD, list(aggregate_ids), list(types))
        return [ToldFact(*row) for row in rows]


class MemoryReads:
    """On the tables themselves."""

    tables: Tables

    async def begun(
        self, aggregate: Aggregate[Any], lane_keys: Sequence[str], after: str | None, limit: int
    ) -> Sequence[ListedState]:
        rows: Mapping[str, Any] = self.tables.states.get(aggregate.kind, {})
        found = [
            ListedState(row.id, row.version, row.body, row.lane_key, row.pathway_id, row.updated_at)
            for row in sorted(rows.values(), key=lambda row: str(row.id))
            if row.lane_key in lane_keys and row.status != first_status(aggregate) and row.id > (after or "")
        ]
        return found[:limit]

    async def told(self, aggregate_ids: Sequence[str], types: Collection[str]) -> Sequence[ToldFact]:
        rows = [row for row in self.tables.journal if row.aggregate_id in aggregate_ids and row.type in types]
        return [
            ToldFact(row.aggregate_id, row.type, row.occurred_at, row.actor_id, row.data)
            for row in sorted(rows, key=lambda row: (row.aggregate_id, row.version))
        ]
