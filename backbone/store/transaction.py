"""One open transaction on PostgreSQL. Each method is a statement or two; what they mean stands above them."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import asyncpg
import msgspec

from backbone.model.aggregate import Aggregate
from backbone.model.column import AllOf
from backbone.store.locks import Held, Locks, OutOfOrder
from backbone.store.port import Admission
from backbone.store.reads import PostgresReads
from backbone.store.rows import (
    Answer,
    DeferredRow,
    Once,
    ParkedRow,
    Position,
    RuledFact,
    StoredAnswer,
    StoredState,
    TimerRow,
    Writes,
)
from backbone.store.sealing import (
    NOBODY,
    UNSEALED,
    Kept,
    Seals,
    Text,
    answer_place,
    opened_parked,
    sealed_parked,
)
from backbone.store.statements import KindStatements
from backbone.store.writer import Writer

Connection = Any
"""An asyncpg connection, pooled or not."""


class PostgresTransaction(PostgresReads):
    """One open transaction."""

    def __init__(
        self, connection: Connection, statements: Mapping[str, KindStatements], seals: Seals = UNSEALED
    ) -> None:
        self.connection = connection
        self._seals = seals
        self._statements = statements
        self._held = Held()
        self.committed: list[Callable[[], None]] = []

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        locks = self._held.locks
        try:
            async with self.connection.transaction():
                yield
        except BaseException:
            self._held.locks = locks
            raise

    async def lock(self, locks: Locks) -> None:
        if locks.once:
            # Two requests with one key wait for each other; the second then finds the answer.
            await self.connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))",
                f"{locks.once.scope}\x1f{locks.once.key}",
            )
        self._held = Held(Locks(locks.once))
        await self.lock_lanes(locks.lanes)
        for kind, places in groupby(sorted(locks.rows), key=itemgetter(0)):
            await self.lock_rows(kind, [aggregate_id for _, aggregate_id in places])

    async def lock_lanes(self, lanes: Collection[int]) -> bool:
        new = sorted(set(lanes) - self._held.locks.lanes)
        if not new:
            return False
        wanted = self._held.add(lanes=new)
        if self._held.before_lanes(new):
            # One lock a lane, taken in the order of the list, held to the end of the transaction.
            await self.connection.execute(
                "SELECT pg_advisory_xact_lock(lane) FROM unnest($1::bigint[]) WITH ORDINALITY AS l(lane, n) ORDER BY n",
                new,
            )
        elif not await self.connection.fetchval(
            "SELECT every(pg_try_advisory_xact_lock(lane)) FROM unnest($1::bigint[]) AS l (lane)", new
        ):
            raise OutOfOrder(wanted)
        self._held.locks = wanted
        return True

    async def lock_rows(self, kind: str, ids: Sequence[str]) -> Sequence[StoredState]:
        places = {(kind, aggregate_id) for aggregate_id in ids}
        new = places - self._held.locks.rows
        wanted = self._held.add(rows=new)
        statement = self._statements[kind].lock
        if new and not self._held.before_rows(new):
            statement += " NOWAIT"
        try:
            rows = await self.connection.fetch(statement, ids)
        except asyncpg.LockNotAvailableError as error:
            raise OutOfOrder(wanted) from error
        self._held.locks = wanted
        return [StoredState(*row) for row in rows]

    async def locked_offset(self, topic: str, partition: int) -> int | None:
        statement = "SELECT next_offset FROM consumer_offset WHERE topic = $1 AND partition = $2 FOR UPDATE"
        position: int | None = await self.connection.fetchval(statement, topic, partition)
        return position

    async def set_offset(self, topic: str, partition: int, next_offset: int) -> None:
        await self.connection.execute(
            "UPDATE consumer_offset SET next_offset = $3 WHERE topic = $1 AND partition = $2",
            topic,
            partition,
            next_offset,
        )

    async def make_offset(self, topic: str, partition: int, first: int, topic_id: str | None) -> Position:
        # A position that was made before ids were kept is taken to count in the topic that is there now.
        row = await self.connection.fetchrow(
            """INSERT INTO consumer_offset AS kept (topic, partition, next_offset, topic_id) VALUES ($1, $2, $3, $4)
               ON CONFLICT (topic, partition) DO UPDATE SET topic_id = coalesce(kept.topic_id, excluded.topic_id)
               RETURNING next_offset, topic_id::text, stopped""",
            topic,
            partition,
            first,
            topic_id,
        )
        return Position(*row)

    async def stop_offset(self, topic: str, partition: int, why: str) -> None:
        await self.connection.execute(
            "UPDATE consumer_offset SET stopped = $3 WHERE topic = $1 AND partition = $2",
            topic,
            partition,
            why,
        )

    async def admit(self, ids: Sequence[str], keys: Sequence[str], at: datetime) -> Admission:
        # Ids of keys that are not parked enter the inbox, once. Of parked keys: which they are, and which of
        # their ids stand in the inbox already.
        rows = await self.connection.fetch(
            """WITH arrived AS (SELECT * FROM unnest($1::uuid[], $2::text[]) AS a (fact_id, key)),
                    held AS (SELECT DISTINCT key FROM parked WHERE key = ANY($2::text[])),
                    fresh AS (INSERT INTO inbox SELECT fact_id, $3 FROM arrived
                              WHERE key NOT IN (SELECT key FROM held) ON CONFLICT DO NOTHING RETURNING fact_id)
               SELECT 'fresh', fact_id::text FROM fresh
               UNION ALL SELECT 'parked', key FROM held
               UNION ALL SELECT 'handled', fact_id::text
                         FROM arrived JOIN held USING (key) JOIN inbox USING (fact_id)""",
            ids,
            keys,
            at,
        )
        found: dict[str, set[str]] = {"fresh": set(), "parked": set(), "handled": set()}
        for row in rows:
            found[row[0]].add(row[1])
        return Admission(**found)

    async def forget(self, ids: Sequence[str]) -> None:
        await self.connection.execute("DELETE FROM inbox WHERE fact_id = ANY($1::uuid[])", ids)

    async def aliases(self, keys: Sequence[tuple[str, bytes]]) -> Mapping[tuple[str, bytes], str]:
        rows = await self.connection.fetch(
            """SELECT kind, key_hash, id::text FROM alias
               WHERE (kind, key_hash) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))""",
            [kind for kind, _ in keys],
            [key_hash for _, key_hash in keys],
        )
        return {(row[0], row[1]): row[2] for row in rows}

    async def load(self, kind: str, ids: Sequence[str]) -> Sequence[StoredState]:
        rows = await self.connection.fetch(self._statements[kind].load, ids)
        return [StoredState(*row) for row in rows]

    async def select(self, aggregate: Aggregate[Any], selectors: Sequence[AllOf]) -> Sequence[StoredState]:
        names = [name for name, _ in selectors[0].columns]
        values = [[selector.columns[n][1] for selector in selectors] for n in range(len(names))]
        rows = await self.connection.fetch(self._statements[aggregate.kind].select(names), *values)
        return [StoredState(*row) for row in rows]

    async def numbers(self, kind: str, count: int) -> Sequence[int]:
        return [row[0] for row in await self.connection.fetch(self._statements[kind].numbers, count)]

    async def ruled(self, aggregate_ids: Sequence[str]) -> Sequence[RuledFact]:
        rows = await self.connection.fetch(
            """SELECT aggregate_kind, aggregate_id::text, type, rules, data FROM journal
               WHERE aggregate_id = ANY($1::uuid[]) AND rules IS NOT NULL
               ORDER BY aggregate_id, aggregate_kind, version""",
            aggregate_ids,
        )
        return [RuledFact(*row) for row in rows]

    async def deferred(self, aggregate_ids: Sequence[str]) -> Sequence[DeferredRow]:
        rows = await self.connection.fetch(
            """SELECT order_id::text, aggregate_kind, aggregate_id::text, sends, cause, reason, deferred_at
               FROM deferred WHERE aggregate_id = ANY($1::uuid[]) ORDER BY id""",
            aggregate_ids,
        )
        return [DeferredRow(*row) for row in rows]

    async def due_timers(self, lane: int, now: datetime, limit: int) -> Sequence[TimerRow]:
        rows = await self.connection.fetch(
            """SELECT aggregate_kind, aggregate_id::text, name, lane, due, lane_key::text, pathway_id::text, command
               FROM timer WHERE lane = $1 AND due <= $2 ORDER BY due, aggregate_id, aggregate_kind, name LIMIT $3""",
            lane,
            now,
            limit,
        )
        return [TimerRow(*row) for row in rows]

    async def park(self, rows: Sequence[ParkedRow]) -> set[str]:
        # A record that comes again, or is read again because its position was set back, is kept once.
        columns = ", ".join(ParkedRow._fields)
        values = ", ".join(f"${n}" for n in range(1, len(ParkedRow._fields) + 1))
        new = await self.connection.fetchmany(
            f"INSERT INTO parked ({columns}) VALUES ({values}) "
            "ON CONFLICT (record_id) DO NOTHING RETURNING record_id::text",
            [tuple(row.values()) for row in await sealed_parked(self._seals, rows)],
        )
        return {row[0] for row in new}

    async def parked(self, key: str, limit: int) -> Sequence[ParkedRow]:
        rows = await self.connection.fetch(
            """SELECT key, record_id::text, topic, partition, record_offset, raw_key, value, headers, sent_ms, reason,
                      error, parked_at FROM parked WHERE key = $1 ORDER BY id LIMIT $2""",
            key,
            limit,
        )
        return await opened_parked(self._seals, rows)

    async def parked_places(self, key: str) -> tuple[int, Sequence[int]]:
        row = await self.connection.fetchrow(
            "SELECT count(*), coalesce(array_agg(DISTINCT partition), '{}') FROM parked WHERE key = $1", key
        )
        return row[0], row[1]

    async def unpark(self, record_ids: Sequence[str]) -> None:
        await self.connection.execute("DELETE FROM parked WHERE record_id = ANY($1::uuid[])", record_ids)

    async def is_parked(self, key: str) -> bool:
        return bool(await self.connection.fetchval("SELECT EXISTS (SELECT FROM parked WHERE key = $1)", key))

    async def stop_effect(self, effect_id: str, reason: str, at: datetime) -> None:
        await self.connection.execute(
            "UPDATE effect SET stopped = $2, stopped_at = $3 WHERE id = $1", effect_id, reason, at
        )

    async def stored_answer(self, once: Once) -> StoredAnswer | None:
        row = await self.connection.fetchrow(
            "SELECT body_hash, answer FROM idempotency WHERE scope = $1 AND key = $2", once.scope, once.key
        )
        if row is None:
            return None
        [answer] = await self._seals.opened([Kept(answer_place(once), row[1])])
        return StoredAnswer(row[0], msgspec.json.decode(answer, type=Answer)) if answer else None

    async def keep_answer(self, once: Once, answer: Answer, at: datetime, about: str | None = None) -> None:
        text = Text(answer_place(once), about or NOBODY, msgspec.json.encode(answer))
        [body] = await self._seals.sealed([text])
        # There is one already where what it said was erased meanwhile.
        await self.connection.execute(
            """INSERT INTO idempotency (scope, key, body_hash, answer, recorded_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (scope, key) DO UPDATE SET answer = excluded.answer""",
            once.scope,
            once.key,
            once.body_hash,
            body,
            at,
        )

    async def write(self, writes: Writes) -> None:
        self._held.wrote = True
        await Writer(self.connection, self._statements, self._seals).write(writes)
