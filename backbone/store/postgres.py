"""The store on PostgreSQL. Each method is a statement or two; what they mean stands above them."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from backbone.aggregate import Aggregate, AllOf
from backbone.errors import Conflict, Retryable
from backbone.service import Service
from backbone.store.port import (
    Admission,
    Answer,
    ContentRow,
    DeferredRow,
    JournalRow,
    Once,
    OutboxRow,
    ParkedRow,
    RefusalRow,
    Row,
    StateRow,
    StoredAnswer,
    Summary,
    TimelineRow,
    TimerRow,
    Writes,
)

TRANSIENT = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection woken after a freeze (engineering: trap 4)
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidTransactionStateError,
    asyncpg.PostgresSystemError,
    asyncpg.LockNotAvailableError,
)
"""Errors of the infrastructure: nothing was committed that the offset row does not know of."""

Connection = Any
"""An asyncpg connection, pooled or not."""

COMMON = ("id", "lane_key", "pathway_id", "version", "sequence", "status", "body", "updated_at")
COMMON_TYPES = ("uuid", "uuid", "uuid", "int", "int", "text", "jsonb", "timestamptz")
BATCH_IDLE_LIMIT_MS = 5_000
"""A frozen process loses its open transaction, and with it its locks, after this time (engineering: trap 3)."""


async def prepare(connection: Connection) -> None:
    """JSON travels as the bytes that the engine made, never parsed on the way."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda body: b"\x01" + body,
        decoder=lambda body: body[1:],
    )


async def open_pool(database_url: str, size: int = 8) -> asyncpg.Pool:
    """At most `size` connections for one process."""
    return await asyncpg.create_pool(
        database_url,
        min_size=1,
        max_size=size,
        init=prepare,
        server_settings={"idle_in_transaction_session_timeout": str(BATCH_IDLE_LIMIT_MS), "timezone": "UTC"},
        command_timeout=30,
    )


class PostgresStore:
    """One service's database."""

    def __init__(self, pool: asyncpg.Pool, service: Service) -> None:
        self.pool = pool
        self._statements = {kind: KindStatements(aggregate) for kind, aggregate in service.kinds.items()}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["PostgresTransaction"]:
        async with self.pool.acquire() as connection, connection.transaction():
            yield PostgresTransaction(connection, self._statements)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with self.pool.acquire() as connection:
            yield connection

    def transient(self, error: BaseException) -> bool:
        return isinstance(error, (Retryable, *TRANSIENT))

    @contextmanager
    def retryable(self) -> Iterator[None]:
        try:
            yield
        except TRANSIENT as error:
            raise Retryable(f"{type(error).__name__}: {error}") from error

    async def next_due(self) -> datetime | None:
        due: datetime | None = await self.pool.fetchval("SELECT min(due) FROM timer")
        return due

    async def due_lanes(self, lanes: Collection[int], now: datetime) -> Collection[int]:
        # The index on (lane, due) answers a lane with one look.
        rows = await self.pool.fetch(
            """SELECT lane FROM unnest($1::int[]) AS l (lane)
               WHERE EXISTS (SELECT FROM timer WHERE timer.lane = l.lane AND due <= $2)""",
            list(lanes),
            now,
        )
        return [row[0] for row in rows]

    async def prune(self, now: datetime, inbox_days: int = 37) -> None:
        # The inbox outlives the topics (retention + 7 days, EVT-07); live changes only serve views that reconnect.
        await self.pool.execute("DELETE FROM inbox WHERE received_at < $1", now - timedelta(days=inbox_days))
        await self.pool.execute("DELETE FROM idempotency WHERE recorded_at < $1", now - timedelta(days=7))
        await self.pool.execute("DELETE FROM live_change WHERE recorded_at < $1", now - timedelta(days=1))

    async def summary(self) -> Summary:
        row = await self.pool.fetchrow(
            """SELECT (SELECT count(*) FROM outbox), (SELECT min(recorded_at) FROM outbox),
                      (SELECT count(DISTINCT key) FROM parked), (SELECT count(*) FROM deferred)"""
        )
        return Summary(*row)

    async def parked_keys(self) -> Sequence[tuple[str, int, str, datetime]]:
        rows = await self.pool.fetch(
            """SELECT key, count(*), (array_agg(reason ORDER BY id))[1], min(parked_at)
               FROM parked GROUP BY key ORDER BY min(id)"""
        )
        return [tuple(row) for row in rows]


class KindStatements:
    """The statements of one aggregate kind's state table."""

    def __init__(self, aggregate: Aggregate) -> None:
        kind = aggregate.kind
        self.kind = kind
        self.columns = (*COMMON, *aggregate.columns)
        row = "id::text, version, sequence, lane_key::text, pathway_id::text, body"
        # States by id; those that belong to no lane are locked, in order of id.
        self.load = f"SELECT {row} FROM {kind} WHERE id = ANY($1::uuid[])"
        self.lock = (
            f"SELECT id FROM {kind} WHERE id = ANY($1::uuid[]) AND lane_key IS NULL ORDER BY id FOR UPDATE"
        )
        # Lanes are fixed at birth, so they may be read before anything is locked.
        self.lanes = f"SELECT id::text, lane_key::text FROM {kind} WHERE id = ANY($1::uuid[])"
        self.numbers = f"SELECT nextval('{kind}_number') FROM generate_series(1, $1)"
        self.update = self._update(aggregate)

    def _update(self, aggregate: Aggregate) -> str:
        """States that were loaded; a row with another version than the loaded one is left alone."""
        changing = ("version", "sequence", "status", "body", "updated_at", *aggregate.columns)
        types = ("int", "int", "text", "jsonb", "timestamptz", *("text" for _ in aggregate.columns))
        arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(("uuid", "int", *types), 1))
        names = ", ".join(("id", "loaded_version", *changing))
        sets = ", ".join(f"{name} = new.{name}" for name in changing)
        return (
            f"UPDATE {self.kind} AS old SET {sets} FROM unnest({arrays}) AS new ({names}) "
            f"WHERE old.id = new.id AND old.version = new.loaded_version"
        )

    def select(self, names: Sequence[str]) -> str:
        """States that fit one of many selectors over the same columns."""
        arrays = ", ".join(f"${n}::text[]" for n in range(1, len(names) + 1))
        fits = " AND ".join(f"state.{name} = wanted.{name}" for name in names)
        return (
            "SELECT state.id::text, version, sequence, lane_key::text, pathway_id::text, body "
            f"FROM unnest({arrays}) AS wanted ({', '.join(names)}) JOIN {self.kind} AS state ON {fits}"
        )


class PostgresTransaction:
    """One open transaction."""

    def __init__(self, connection: Connection, statements: Mapping[str, KindStatements]) -> None:
        self.connection = connection
        self._statements = statements

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return self.connection.transaction()  # type: ignore[no-any-return]

    async def lock_lanes(self, lanes: Sequence[int]) -> None:
        # One lock a lane, taken in the order of the list, held to the end of the transaction.
        await self.connection.execute(
            "SELECT pg_advisory_xact_lock(lane) FROM unnest($1::bigint[]) WITH ORDINALITY AS l (lane, n) ORDER BY n",
            lanes,
        )

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

    async def make_offset(self, topic: str, partition: int, next_offset: int) -> int:
        await self.connection.execute(
            "INSERT INTO consumer_offset VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            topic,
            partition,
            next_offset,
        )
        position = await self.locked_offset(topic, partition)
        assert position is not None
        return position

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
               UNION ALL SELECT 'handled', fact_id::text FROM arrived JOIN held USING (key) JOIN inbox USING (fact_id)""",
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

    async def lane_keys(self, kind: str, ids: Sequence[str]) -> Mapping[str, str | None]:
        return {row[0]: row[1] for row in await self.connection.fetch(self._statements[kind].lanes, ids)}

    async def load(self, kind: str, ids: Sequence[str]) -> Sequence[Row]:
        statements = self._statements[kind]
        rows = await self.connection.fetch(statements.load, ids)
        unlaned = [row[0] for row in rows if row[3] is None]
        if unlaned:
            await self.connection.execute(statements.lock, unlaned)
            rows = await self.connection.fetch(statements.load, ids)
        return [Row(*row) for row in rows]

    async def select(self, aggregate: Aggregate, selectors: Sequence[AllOf]) -> Sequence[Row]:
        names = [name for name, _ in selectors[0].columns]
        values = [[selector.columns[n][1] for selector in selectors] for n in range(len(names))]
        rows = await self.connection.fetch(self._statements[aggregate.kind].select(names), *values)
        return [Row(*row) for row in rows]

    async def numbers(self, kind: str, count: int) -> Sequence[int]:
        return [row[0] for row in await self.connection.fetch(self._statements[kind].numbers, count)]

    async def contents(self, refs: Sequence[str]) -> Mapping[str, bytes]:
        rows = await self.connection.fetch(
            "SELECT ref::text, body FROM content WHERE ref = ANY($1::uuid[]) AND body IS NOT NULL", refs
        )
        return {row[0]: row[1] for row in rows}

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
               FROM timer WHERE lane = $1 AND due <= $2 ORDER BY due, aggregate_id, name LIMIT $3""",
            lane,
            now,
            limit,
        )
        return [TimerRow(*row) for row in rows]

    async def park(self, rows: Sequence[ParkedRow]) -> set[str]:
        columns = ", ".join(ParkedRow._fields)
        values = ", ".join(f"${n}" for n in range(1, len(ParkedRow._fields) + 1))
        new: set[str] = set()
        for row in rows:
            known = await self.connection.fetchval(
                f"INSERT INTO parked ({columns}) VALUES ({values}) ON CONFLICT (record_id) DO NOTHING RETURNING record_id::text",
                *row,
            )
            new.update({known} if known else ())
        return new

    async def parked(self, key: str, limit: int) -> Sequence[ParkedRow]:
        rows = await self.connection.fetch(
            """SELECT key, record_id::text, topic, partition, record_offset, raw_key, value, headers, sent_at, reason,
                      error, parked_at FROM parked WHERE key = $1 ORDER BY id LIMIT $2""",
            key,
            limit,
        )
        return [ParkedRow(*row) for row in rows]

    async def unpark(self, record_ids: Sequence[str]) -> None:
        await self.connection.execute("DELETE FROM parked WHERE record_id = ANY($1::uuid[])", record_ids)

    async def is_parked(self, key: str) -> bool:
        return bool(await self.connection.fetchval("SELECT EXISTS (SELECT FROM parked WHERE key = $1)", key))

    async def stored_answer(self, once: Once) -> StoredAnswer | None:
        # The lock makes two requests with one key wait for each other; the second then finds the answer.
        await self.connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", f"{once.scope}\x1f{once.key}"
        )
        row = await self.connection.fetchrow(
            "SELECT body_hash, answer FROM idempotency WHERE scope = $1 AND key = $2", once.scope, once.key
        )
        return StoredAnswer(row[0], msgspec.json.decode(row[1], type=Answer)) if row else None

    async def keep_answer(self, once: Once, answer: Answer, at: datetime) -> None:
        await self.connection.execute(
            "INSERT INTO idempotency (scope, key, body_hash, answer, recorded_at) VALUES ($1, $2, $3, $4, $5)",
            once.scope,
            once.key,
            once.body_hash,
            msgspec.json.encode(answer),
            at,
        )

    async def write(self, writes: Writes) -> None:
        for kind, rows in writes.births.items():
            await self._bear(kind, rows)
        for kind, rows in writes.updates.items():
            await self._update(kind, rows)
        await self._copy("content", ContentRow._fields, writes.contents)
        await self._copy("journal", JournalRow._fields, writes.journal)
        await self._copy("outbox", OutboxRow._fields, writes.outbox)
        await self._copy("timeline", TimelineRow._fields, writes.timeline)
        await self._copy("refusal", RefusalRow._fields, writes.refusals)
        await self._write_waiting(writes)
        await self._write_timers(writes)
        if writes.live:
            await self._write_live(writes)
        if writes.outbox:
            await self.connection.execute(
                "NOTIFY outbox" if not writes.live else "NOTIFY outbox; NOTIFY live"
            )

    async def _bear(self, kind: str, rows: Sequence[StateRow]) -> None:
        try:
            await self._copy(kind, self._statements[kind].columns, [(*row[:8], *row.columns) for row in rows])
        except asyncpg.UniqueViolationError as error:
            raise Conflict(f"a {kind} was made by somebody else at the same moment") from error

    async def _update(self, kind: str, rows: Sequence[StateRow]) -> None:
        columns = zip(*(row.columns for row in rows), strict=True) if rows[0].columns else ()
        done = await self.connection.execute(
            self._statements[kind].update,
            [row.id for row in rows],
            [row.loaded_version for row in rows],
            [row.version for row in rows],
            [row.sequence for row in rows],
            [row.status for row in rows],
            [row.body for row in rows],
            [row.updated_at for row in rows],
            *(list(column) for column in columns),
        )
        if int(done.rpartition(" ")[2]) != len(rows):
            raise Conflict(f"a {kind} was changed by somebody else at the same moment")

    async def _copy(self, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
        if rows:
            await self.connection.copy_records_to_table(table, records=rows, columns=columns)

    async def _write_waiting(self, writes: Writes) -> None:
        for kind, key_hash, aggregate_id in writes.aliases:
            await self.connection.execute(
                "INSERT INTO alias VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", kind, key_hash, aggregate_id
            )
        if writes.deferred_done:
            await self.connection.execute(
                "DELETE FROM deferred WHERE order_id = ANY($1::uuid[])", writes.deferred_done
            )
        await self._copy("deferred", DeferredRow._fields, writes.deferred)

    async def _write_timers(self, writes: Writes) -> None:
        if writes.timers_dropped:
            await self.connection.execute(
                """DELETE FROM timer WHERE (aggregate_id, name) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))""",
                [aggregate_id for aggregate_id, _ in writes.timers_dropped],
                [name for _, name in writes.timers_dropped],
            )
        if writes.timers_set:
            await self.connection.execute(
                """INSERT INTO timer SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::timestamptz[],
                                                          $6::uuid[], $7::uuid[], $8::bytea[])
                   ON CONFLICT (aggregate_id, name) DO UPDATE SET due = excluded.due, command = excluded.command""",
                *(list(column) for column in zip(*writes.timers_set, strict=True)),
            )

    async def _write_live(self, writes: Writes) -> None:
        latest = {(change.topic, change.key): change.value for change in writes.live}
        kept = [(topic, key, value) for (topic, key), value in latest.items() if value is not None]
        gone = [place for place, value in latest.items() if value is None]
        if kept:
            await self.connection.execute(
                """INSERT INTO live_row SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
                   ON CONFLICT (topic, key) DO UPDATE SET value = excluded.value""",
                *(list(column) for column in zip(*kept, strict=True)),
            )
        if gone:
            await self.connection.execute(
                "DELETE FROM live_row WHERE (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))",
                *(list(column) for column in zip(*gone, strict=True)),
            )
        await self._copy(
            "live_change",
            ("topic", "key", "value", "recorded_at"),
            [(*change, writes.outbox[0].recorded_at) for change in writes.live],
        )
