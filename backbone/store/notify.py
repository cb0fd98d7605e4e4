"""Being told by the database that something was committed. A lost connection is made again; callers poll besides."""

import asyncio
from collections.abc import Callable

import asyncpg

from backbone.telemetry import ThrottledLog

LOOK_SECONDS = 0.2


async def listen(database_url: str, channel: str, heard: Callable[[], None]) -> None:
    """Call `heard` at every NOTIFY on the channel, until cancelled."""
    said = ThrottledLog()
    while True:
        connection = None
        try:
            connection = await asyncpg.connect(database_url, timeout=5)
            await connection.add_listener(channel, lambda *_: heard())
            heard()
            while not connection.is_closed():
                await asyncio.sleep(LOOK_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            said.warning("nobody says what is committed: it is polled", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)
        finally:
            if connection is not None:
                connection.terminate()
