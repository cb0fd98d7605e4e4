"""The store on PostgreSQL. Each method is a statement or two; what they mean stands above them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

import asyncpg

from backbone.errors import Deadlock, Outage, Retryable
from backbone.model.aggregate import Aggregate
from backbone.store.accesses import Accesses, PostgresAccesses
from backbone.store.port import Left
from backbone.store.retention import PERIODS, Periods, prune
from backbone.store.rows import ClaimedEffect, EffectRow, RuleUse, Standing, Summary
from backbone.store.sealing import UNSEALED, Seals
from backbone.store.statements import KindStatements
from backbone.store.transaction import PostgresTransaction

Why = Mapping[type[Exception], str]

OUTAGE: Why = {
    asyncpg.AdminShutdownError: "an operator stops the server, or ends the session",
    asyncpg.CrashShutdownError: "the server starts anew after a crash",
    asyncpg.CannotConnectNowError: "it is starting, or recovering",
    asyncpg.DatabaseDroppedError: "it is being restored",
    asyncpg.DiskFullError: "no disk space is left",
    asyncpg.TooManyConnectionsError: "others hold all connections",
    asyncpg.PostgresSystemError: "the server's disk or operating system fails",
    asyncpg.ReadOnlySQLTransactionError: "it is a standby: somebody switches over",
}
"""Errors that no work of ours can cause: they are waited out, however long that takes."""

PASSING: Why = {
    ConnectionError: "the connection broke; an idle time-out of ours looks the same",
    asyncpg.PostgresConnectionError: "the connection broke; an idle time-out of ours looks the same",
    asyncpg.InternalClientError: "the connection was woken after a freeze (engineering: trap 4)",
    asyncpg.IdleInTransactionSessionTimeoutError: "the process was frozen, or computed for too long",
    TimeoutError: "a statement took longer than it may; somebody's lock, a busy server, or its own size",
    asyncpg.QueryCanceledError: "the same, noticed by the server",
    asyncpg.OutOfMemoryError: "the server was short of memory for a moment, or the statement needs too much",
    asyncpg.SerializationError: "others wrote at the same time",
    asyncpg.DeadlockDetectedError: "others took the same locks in another order",
    asyncpg.LockNotAvailableError: "others hold the lock",
    asyncpg.StatementCompletionUnknownError: "whether it was committed, the position will tell",
}
"""Errors that may pass by themselves, or be caused by what is being handled: the same again, but not for ever."""

TRANSIENT: tuple[type[Exception], ...] = (*OUTAGE, *PASSING)
"""All others are bugs or bad data. In all cases nothing was committed that the offset row does not know of."""

Connection = Any
"""An asyncpg connection, pooled or not."""

COMMAND_SECONDS = 30
ANSWER_SECONDS = 5
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


async def as_it_is(connection: Connection) -> None:
    """A transaction left open was rolled back already."""


async def open_pool(
    database_url: str, size: int = 8, idle_limit_ms: int = BATCH_IDLE_LIMIT_MS
) -> asyncpg.Pool:
    """At most `size` connections for one process.

    Nobody changes a session here: the usual reset would be one more question to the database after each use.
    """
    return await asyncpg.create_pool(
        database_url,
        min_size=1,
        max_size=size,
        init=prepare,
        reset=as_it_is,
        server_settings={"idle_in_transaction_session_timeout": str(idle_limit_ms), "timezone": "UTC"},
        command_timeout=COMMAND_SECONDS,
    )


@asynccontextmanager
async def acquired(pool: asyncpg.Pool) -> AsyncIterator[Connection]:
    """A connection. Raises Outage when none can be had, whatever keeps it away, and Retryable when it was lost."""
    try:
        connection = await pool.acquire()
    except Exception as error:
        raise Outage(f"no connection: {type(error).__name__}: {error}") from error
    try:
        with losses(connection):
            yield connection
    finally:
        await pool.release(connection)


@contextmanager
def losses(connection: Connection) -> Iterator[None]:
    """Raises Retryable when the connection was lost, by whatever that is noticed: a closed one answers as to a bug."""
    try:
        yield
    except Exception as error:
        if lost(connection) and not isinstance(error, Retryable):
            raise Retryable(f"the connection was lost: {type(error).__name__}: {error}") from error
        raise


def lost(connection: Connection) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True  # the pool has taken it back already


MAY_BE_WRITTEN = "SELECT current_setting('transaction_read_only') = 'off'"


class PostgresStore:
    """One service's database."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        kinds: Mapping[str, Aggregate[Any]],
        deadlocked: Callable[[], object] = lambda: None,
        seals: Seals = UNSEALED,
    ) -> None:
        """`deadlocked` is told of every deadlock."""
        self.pool = pool
        self.seals = seals
        self._deadlocked = deadlocked
        self.accesses: Accesses = PostgresAccesses(self.connection)
        self._statements = {kind: KindStatements(aggregate) for kind, aggregate in kinds.items()}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["PostgresTransaction"]:
        try:
            async with acquired(self.pool) as connection, connection.transaction():
                yield PostgresTransaction(connection, self._statements, self.seals)
        except asyncpg.DeadlockDetectedError as error:
            self._deadlocked()
            raise Deadlock(str(error)) from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["PostgresTransaction"]:
        async with acquired(self.pool) as connection:
            yield PostgresTransaction(connection, self._statements, self.seals)

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        return acquired(self.pool)

    def transient(self, error: BaseException) -> bool:
        return isinstance(error, (Retryable, *TRANSIENT))

    @contextmanager
    def retryable(self) -> Iterator[None]:
        try:
            yield
        except tuple(OUTAGE) as error:
            raise Outage(f"{type(error).__name__}: {error}") from error
        except tuple(PASSING) as error:
            raise Retryable(f"{type(error).__name__}: {error}") from error

    async def answers(self) -> bool:
        # Of the older connections some may be dead without knowing it: none of them is used again.
        await self.pool.expire_connections()
        try:
            with self.retryable():
                async with asyncio.timeout(ANSWER_SECONDS), self.connection() as connection:
                    return bool(await connection.fetchval(MAY_BE_WRITTEN))
        except Retryable:
            return False

    async def left(self) -> Left:
        async with self.connection() as connection:
            row = await connection.fetchrow(
                """SELECT EXISTS (SELECT FROM outbox), EXISTS (SELECT FROM effect WHERE stopped IS NULL),
                          (SELECT min(due) FROM timer)"""
            )
        return Left(*row)

    async def due_lanes(self, lanes: Collection[int], now: datetime) -> Collection[int]:
        # The index on (lane, due) answers a lane with one look.
        async with self.connection() as connection:
            rows = await connection.fetch(
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
        # Of what something was told before a restore, it may have been called then: this is a repetition.
        # Materialized: in a join the free ones might be looked for again for every row, and more found than the limit.
        async with self.connection() as connection:
            rows = await connection.fetch(
                """WITH free AS MATERIALIZED (
                       SELECT id FROM effect WHERE stopped IS NULL AND kind = $1 AND free_at <= $2
                       ORDER BY free_at, id LIMIT $4 FOR UPDATE SKIP LOCKED)
                   UPDATE effect SET free_at = $3, attempt = 1 + greatest(attempt, EXISTS (
                       SELECT FROM told_before AS told WHERE told.aggregate_id = effect.aggregate_id)::int)
                   FROM free WHERE effect.id = free.id
                   RETURNING effect.id::text, aggregate_kind, aggregate_id::text, name, kind, reads::text[], body,
                             lane_key::text, pathway_id::text, traceparent, attempt""",
                kind,
                now,
                until,
                limit,
            )
        return [ClaimedEffect(EffectRow(*row[:-1]), row[-1]) for row in map(tuple, rows)]

    async def free_effect(self, effect_id: str, at: datetime, tried: int | None = None) -> None:
        async with self.connection() as connection:
            await connection.execute(
                "UPDATE effect SET free_at = $2, attempt = coalesce($3, attempt) WHERE id = $1",
                effect_id,
                at,
                tried,
            )

    async def prune(self, now: datetime, kept: Periods = PERIODS) -> None:
        async with self.connection() as connection:
            await prune(connection, now, kept)

    async def summary(self) -> Summary:
        async with self.connection() as connection:
            row = await connection.fetchrow(
                """SELECT (SELECT count(*) FROM outbox), (SELECT min(recorded_at) FROM outbox),
                          (SELECT count(DISTINCT key) FROM parked), (SELECT count(*) FROM deferred),
                          (SELECT count(*) FROM effect WHERE stopped IS NULL),
                          (SELECT count(*) FROM undeliverable)
                          + (SELECT count(*) FROM effect WHERE stopped IS NOT NULL)"""
            )
        return Summary(*row)

    async def standing(self, now: datetime) -> Standing:
        # From lane to lane in the index on (lane, due): of the timers only those are read that are due.
        async with self.connection() as connection:
            timers = await connection.fetchrow(
                """WITH RECURSIVE l (lane) AS (
                       (SELECT lane FROM timer ORDER BY lane LIMIT 1)
                       UNION ALL
                       SELECT (SELECT lane FROM timer WHERE lane > l.lane ORDER BY lane LIMIT 1)
                       FROM l WHERE l.lane IS NOT NULL)
                   SELECT coalesce(sum(number), 0)::int, min(first) FROM l, LATERAL (
                       SELECT count(*) AS number, min(due) AS first FROM timer
                       WHERE timer.lane = l.lane AND due <= $1) AS due""",
                now,
            )
            effects = await connection.fetch(
                "SELECT kind, count(*) FROM effect WHERE stopped IS NULL GROUP BY kind"
            )
        return Standing(timers[0], timers[1], dict(effects))

    async def oldest_unsent(self) -> datetime | None:
        async with self.connection() as connection:
            oldest: datetime | None = await connection.fetchval(
                "SELECT recorded_at FROM outbox ORDER BY id LIMIT 1"
            )
        return oldest

    async def rules_used(self) -> Sequence[RuleUse]:
        # From one combination to the next in the index, however many facts name each.
        async with self.connection() as connection:
            rows = await connection.fetch(
                """WITH RECURSIVE named AS (
                       (SELECT rules FROM journal WHERE rules IS NOT NULL ORDER BY rules LIMIT 1)
                       UNION ALL
                       SELECT (SELECT rules FROM journal WHERE rules > named.rules ORDER BY rules LIMIT 1)
                       FROM named WHERE named.rules IS NOT NULL)
                   SELECT named.rules, type, recorded_at FROM named, LATERAL (
                       SELECT type, recorded_at FROM journal WHERE rules = named.rules
                       ORDER BY recorded_at DESC LIMIT 1) AS last"""
            )
        return [RuleUse(*row) for row in rows]

    async def parked_keys(self) -> Sequence[tuple[str, int, str, datetime]]:
        async with self.connection() as connection:
            rows = await connection.fetch(
                """SELECT key, count(*), (array_agg(reason ORDER BY id))[1], min(parked_at)
                   FROM parked GROUP BY key ORDER BY min(id)"""
            )
        return [tuple(row) for row in rows]
