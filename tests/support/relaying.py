"""Runs a relay over an outbox, until what was in it is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from backbone.log.relay import Relay


class Killed(BaseException):
    """The process is gone at this point."""


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(relay.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Killed):
            await task


async def emptied(connection: asyncpg.Connection, but: int = 0, seconds: float = 40) -> None:
    """Until no more than `but` rows wait."""
    async with asyncio.timeout(seconds):
        while await connection.fetchval("SELECT count(*) FROM outbox") > but:
            await asyncio.sleep(0.02)
