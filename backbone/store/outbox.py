"""The relay's side of the outbox: who leads a shard, the oldest rows under a batch's number, what Kafka has is gone."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import asyncpg

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

    def __init__(self, connection: Any, shard: int) -> None:
        self._connection = connection
        self._shard = shard

    @staticmethod
    async def connect(database_url: str, shard: int) -> "Outbox":
        settings = {"idle_session_timeout": str(IDLE_LIMIT_MS), "timezone": "UTC"}
        connection = await asyncpg.connect(database_url, server_settings=settings, command_timeout=20)
        return Outbox(connection, shard)

    async def close(self) -> None:
        await self._connection.close(timeout=2)

    async def take_the_lead(self, name: str) -> bool:
        # Held as long as the session lives.
        won: bool = await self._connection.fetchval(
            "SELECT pg_try_advisory_lock(hashtext($1), $2)", name, self._shard
        )
        return won

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

    async def stamp(self, batch: int, limit: int) -> Sequence[Unsent]:
        # The oldest rows of the shard get the batch's number, so that they are known again after a crash.
        rows = await self._connection.fetch(
            """WITH oldest AS (SELECT id FROM outbox WHERE shard = $1 ORDER BY id LIMIT $2),
                    stamped AS (UPDATE outbox SET batch = $3 WHERE id IN (SELECT id FROM oldest)
                                RETURNING id, topic, key, value, headers)
               SELECT * FROM stamped ORDER BY id""",
            self._shard,
            limit,
            batch,
        )
        return [Unsent(*row) for row in rows]

    async def delete(self, batch: int, rows: Sequence[Unsent]) -> None:
        # The rows of the batch; the range of ids is there for the index.
        await self._connection.execute(
            "DELETE FROM outbox WHERE id BETWEEN $1 AND $2 AND shard = $3 AND batch = $4",
            rows[0].id,
            rows[-1].id,
            self._shard,
            batch,
        )
