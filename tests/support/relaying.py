"""Runs a relay over an outbox, until what was in it is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from backbone.brokers import Brokers
from backbone.clock import WallClock
from backbone.engine.engine import Engine
from backbone.errors import Fatal
from backbone.log.relay import Relay
from backbone.model import Service
from backbone.telemetry import Metrics

ADD = """INSERT INTO outbox (shard, topic, key, value, headers, recorded_at)
         SELECT 0, $1, 'key-' || n % 7, convert_to(n::text, 'UTF8'), '{"ce_id":"1"}', now()
         FROM generate_series($2::int, $3::int) n"""
"""So many rows, each with its number as its value."""


class Killed(BaseException):
    """The process is gone at this point."""


def relay_for(topic: str, url: str, kafka: str, cls: type[Relay] = Relay, **named: Any) -> Any:
    """Of a service that has nothing but this topic of events."""
    engine = Engine(Service(topic.removesuffix(".events"), aggregates=()), None, b"a secret", 12)
    return cls(engine, WallClock(), url, Brokers(kafka), Metrics(), **named)


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(relay.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Killed, Fatal):
            await task


async def emptied(connection: asyncpg.Connection, but: int = 0, seconds: float = 40) -> None:
    """Until no more than `but` rows wait."""
    async with asyncio.timeout(seconds):
        while await connection.fetchval("SELECT count(*) FROM outbox") > but:
            await asyncio.sleep(0.02)
