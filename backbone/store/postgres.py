"""The store on PostgreSQL. Each method is a statement or two; what they mean stands above them."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from backbone.errors import Deadlock, Retryable
from backbone.model.aggregate import Aggregate
from backbone.store.port import Summary
from backbone.store.rows import ClaimedEffect, EffectRow
from backbone.store.statements import KindStatements
from backbone.store.transaction import PostgresTransaction

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

    def __init__(
        self,
        pool: asyncpg.Pool,
        kinds: Mapping[str, Aggregate[Any]],
        deadlocked: Callable[[], object] = lambda: None,
    ) -> None:
        """`deadlocked` is told of every deadlock."""
        self.pool = pool
        self._deadlocked = deadlocked
        self._statements = {kind: KindStatements(aggregate) for kind, aggregate in kinds.items()}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["PostgresTransaction"]:
        try:
            async with self.pool.acquire() as connection, connection.transaction():
                yield PostgresTransaction(connection, self._statements)
        except asyncpg.DeadlockDetectedError as error:
            self._deadlocked()
            raise Deadlock(str(error)) from error

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

    async def claim_effects(
        self, kind: str, now: datetime, until: datetime, limit: int
    ) -> Sequence[ClaimedEffect]:
        # The lease is taken in a transaction of its own; a row that somebody else is taking is passed over.
        rows = await self.pool.fetch(
            """UPDATE effect SET attempt = attempt + 1, free_at = $3 WHERE id IN (
                   SELECT id FROM effect WHERE stopped IS NULL AND kind = $1 AND free_at <= $2
                   ORDER BY free_at, id LIMIT $4 FOR UPDATE SKIP LOCKED)
               RETURNING id::text, aggregate_kind, aggregate_id::text, name, kind, reads::text[], body,
                         lane_key::text, pathway_id::text, attempt""",
            kind,
            now,
            until,
            limit,
        )
        return [ClaimedEffect(EffectRow(*row[:-1]), row[-1]) for row in map(tuple, rows)]

    async def free_effect(self, effect_id: str, at: datetime) -> None:
        await self.pool.execute("UPDATE effect SET free_at = $2 WHERE id = $1", effect_id, at)

    async def prune(self, now: datetime, inbox_days: int = 37) -> None:
        # The inbox outlives the topics (retention + 7 days, EVT-07); live changes only serve views that reconnect.
        await self.pool.execute("DELETE FROM inbox WHERE received_at < $1", now - timedelta(days=inbox_days))
        await self.pool.execute("DELETE FROM idempotency WHERE recorded_at < $1", now - timedelta(days=7))
        await self.pool.execute("DELETE FROM live_change WHERE recorded_at < $1", now - timedelta(days=1))

    async def summary(self) -> Summary:
        row = await self.pool.fetchrow(
            """SELECT (SELECT count(*) FROM outbox), (SELECT min(recorded_at) FROM outbox),
                      (SELECT count(DISTINCT key) FROM parked), (SELECT count(*) FROM deferred),
                      (SELECT count(*) FROM effect WHERE stopped IS NULL),
                      (SELECT count(*) FROM undeliverable)
                      + (SELECT count(*) FROM effect WHERE stopped IS NOT NULL)"""
        )
        return Summary(*row)

    async def oldest_unsent(self) -> datetime | None:
        oldest: datetime | None = await self.pool.fetchval(
            "SELECT recorded_at FROM outbox ORDER BY id LIMIT 1"
        )
        return oldest

    async def parked_keys(self) -> Sequence[tuple[str, int, str, datetime]]:
        rows = await self.pool.fetch(
            """SELECT key, count(*), (array_agg(reason ORDER BY id))[1], min(parked_at)
               FROM parked GROUP BY key ORDER BY min(id)"""
        )
        return [tuple(row) for row in rows]
