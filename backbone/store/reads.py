"""What lists show, in both stores: the things of somebody that have begun, and what became of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from backbone.model.aggregate import Aggregate, tag_of
from backbone.store.rows import ListedState, ToldFact, Writing
from backbone.store.sealing import Seals, opened_contents
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
    _seals: Seals

    async def begun(
        self, aggregate: Aggregate[Any], lane_keys: Sequence[str], after: str | None, limit: int
    ) -> Sequence[ListedState]:
        statement = BEGUN.format(kind=aggregate.kind)
        rows = await self.connection.fetch(statement, list(lane_keys), first_status(aggregate), after, limit)
        return [ListedState(*row) for row in rows]

    async def told(self, aggregate_ids: Sequence[str], types: Collection[str]) -> Sequence[ToldFact]:
        rows = await self.connection.fetch(TOLD, list(aggregate_ids), list(types))
        return [ToldFact(*row) for row in rows]

    async def contents(self, refs: Sequence[str]) -> Mapping[str, bytes]:
        rows = await self.connection.fetch(
            "SELECT ref::text, body FROM content WHERE ref = ANY($1::uuid[]) AND body IS NOT NULL", refs
        )
        return await opened_contents(self._seals, [(row[0], row[1]) for row in rows])

    async def writing(self, ref: str) -> Writing | None:
        row = await self.connection.fetchrow(
            """SELECT ref::text, kind, lane_key::text, recorded_at, body
               FROM content WHERE ref = $1 AND body IS NOT NULL""",
            ref,
        )
        if row is None:
            return None
        bodies = await opened_contents(self._seals, [(ref, row[4])])
        return Writing(row[0], row[1], row[2], row[3], bodies[ref]) if ref in bodies else None

    async def writings(
        self, lane_keys: Sequence[str], kinds: Collection[str], limit: int
    ) -> Sequence[Writing]:
        rows = await self.connection.fetch(
            """SELECT ref::text, kind, lane_key::text, recorded_at FROM content
               WHERE lane_key = ANY($1::uuid[]) AND kind = ANY($2::text[]) AND body IS NOT NULL
               ORDER BY recorded_at DESC, ref LIMIT $3""",
            list(lane_keys),
            list(kinds),
            limit,
        )
        return [Writing(*row) for row in rows]


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

    async def contents(self, refs: Sequence[str]) -> Mapping[str, bytes]:
        return {ref: self.tables.content[ref] for ref in refs if ref in self.tables.content}

    async def writing(self, ref: str) -> Writing | None:
        body = self.tables.content.get(ref)
        return self.tables.writing[ref]._replace(body=body) if body is not None else None

    async def writings(
        self, lane_keys: Sequence[str], kinds: Collection[str], limit: int
    ) -> Sequence[Writing]:
        rows = self.tables.writing.values()
        found = [row for row in rows if row.lane_key in lane_keys and row.kind in kinds]
        ordered = sorted(
            sorted(found, key=lambda row: row.ref), key=lambda row: row.recorded_at, reverse=True
        )
        return [row for row in ordered if row.ref in self.tables.content][:limit]
