"""The relay's side of the outbox: who leads a shard, the oldest rows under a batch's number, what Kafka has is gone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, TypeVar

import asyncpg

from backbone.model.aggregate import Aggregate
from backbone.store import undeliverable
from backbone.store.postgres import losses, prepare
from backbone.store.statements import KindStatements
from backbone.store.transaction import PostgresTransaction

T = TypeVar("T")

IDLE_LIMIT_MS = 30_000
"""A frozen leader loses its session, and with it the leadership, after this time."""


class Unsent(NamedTuple):
    """An outbox row on its way."""

    id: int
    topic: str
    key: str
    value: bytes | None
    headers: bytes


class Outbox:
    """One shard of one service's outbox, over a connection of its own."""

    def __init__(self, connection: Any, shard: int, kinds: Mapping[str, Aggregate[Any]]) -> None:
        self._connection = connection
        self._shard = shard
        self._statements = {kind: KindStatements(aggregate) for kind, aggregate in kinds.items()}
        self._holding = True
        """Something may be set aside. Only the leader sets aside, so what it saw empty stays empty without it."""

    @staticmethod
    @asynccontextmanager
    async def connected(
        database_url: str, shard: int, kinds: Mapping[str, Aggregate[Any]]
    ) -> AsyncIterator["Outbox"]:
        """Raises Retryable when the session was lost, by whatever that is noticed."""
        settings = {"idle_session_timeout": str(IDLE_LIMIT_MS), "timezone": "UTC"}
        connection = await asyncpg.connect(database_url, server_settings=settings, command_timeout=20)
        try:
            with losses(connection):
                await prepare(connection)
                yield Outbox(connection, shard, kinds)
        finally:
            await connection.close(timeout=2)

    async def take_the_lead(self, name: str) -> bool:
        # Held as long as the session lives.
        won: bool = await self._connection.fetchval(
            "SELECT pg_try_advisory_lock(hashtext($1), $2)", name, self._shard
        )
        return won

    async def awake_during(self, work: Coroutine[Any, Any, T]) -> T:
        """What may take longer than a session may idle: the session is kept. A frozen process keeps nothing, so it
        still loses the lead."""
        doing = asyncio.ensure_future(work)
        try:
            while not doing.done():
                await asyncio.wait([doing], timeout=IDLE_LIMIT_MS / 3_000)
                await self._connection.execute("SELECT 1")
            return await doing
        finally:
            doing.cancel()
            await asyncio.wait([doing])

    async def on_commit(self, heard: Callable[[], None]) -> None:
        """Call `heard` whenever somebody committed a row."""
        await self._connection.add_listener("outbox", lambda *_: heard())

    async def forget_sent(self, batch: int) -> None:
        """Rows of batches that Kafka has already are deleted unsent; others are free again."""
        async with self._connection.transaction():
            await self._connection.execute(
                "DELETE FROM outbox WHERE shard = $1 AND batch <= $2", self._shard, batch
            )
            await self._connection.execute(
                "UPDATE outbox SET batch = NULL WHERE shard = $1 AND batch IS NOT NULL", self._shard
            )

    async def last_batch(self) -> int | None:
        """The number that was given last. None in a database that never sent anything."""
        last: int | None = await self._connection.fetchval(
            "SELECT batch FROM relay_batch WHERE shard = $1", self._shard
        )
        return last

    async def stamp(self, batch: int, limit: int) -> Sequence[Unsent]:
        """The oldest rows get the batch's number, so that they are known again after a crash. What stands behind
        something that is set aside is set aside too."""
        if not self._holding:
            return await self._stamp(undeliverable.STAMP, batch, limit)
        async with self._connection.transaction():
            await undeliverable.lock(self._connection)
            rows = await self._stamp(undeliverable.STAMP_OR_HOLD_BACK, batch, limit)
            self._holding = await undeliverable.holding(self._connection)
        return rows

    async def _stamp(self, statement: str, batch: int, limit: int) -> Sequence[Unsent]:
        return [Unsent(*row) for row in await self._connection.fetch(statement, self._shard, limit, batch)]

    async def delete(self, batch: int, rows: Sequence[Unsent]) -> None:
        # The rows of the batch; the range of ids is there for the index.
        await self._connection.execute(
            "DELETE FROM outbox WHERE id BETWEEN $1 AND $2 AND shard = $3 AND batch = $4",
            rows[0].id,
            rows[-1].id,
            self._shard,
            batch,
        )

    @asynccontextmanager
    async def setting_aside(self) -> AsyncIterator[PostgresTransaction]:
        """A transaction of the leader's own session: who lost the lead can't set aside what another one sends."""
        async with self._connection.transaction():
            await undeliverable.lock(self._connection)
            yield PostgresTransaction(self._connection, self._statements)
        self._holding = True
