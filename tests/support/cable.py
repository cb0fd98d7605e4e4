"""The way from a process to a broker or a database, which can be cut: what is on it waits, and no end hears of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.support.loopback import Link, Loopback

CHUNK = 65_536


class Cable:
    """Whole at first. What was sent while it was cut arrives afterwards, as over TCP: late, and in order."""

    def __init__(self) -> None:
        self._whole = asyncio.Event()
        self._whole.set()
        self.held = 0
        """How often something had to wait."""

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    async def passes(self) -> None:
        self.held += not self._whole.is_set()
        await self._whole.wait()


class CutLoopback(Loopback):
    """To a broker, whose address in its answers is that of this end."""

    def __init__(self, cable: Cable) -> None:
        self._cable = cable

    async def asked(self, link: Link, key: int, frame: bytes) -> bool:
        await self._cable.passes()
        return True

    async def answered(self, link: Link, key: int, frame: bytes) -> bool:
        await self._cable.passes()
        return True


@asynccontextmanager
async def through(cable: Cable, real: int) -> AsyncIterator[int]:
    """The port that leads to the real one over the cable, for what says no addresses: a database."""
    links: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        links.add(asyncio.create_task(joined(cable, reader, writer, real)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in links:
            task.cancel()
        await asyncio.gather(*links, return_exceptions=True)


async def joined(cable: Cable, client: asyncio.StreamReader, writer: asyncio.StreamWriter, real: int) -> None:
    """One connection. That an end hung up arrives like all else, after what it said."""
    ends = [writer]
    try:
        await cable.passes()
        answers, asks = await asyncio.open_connection("127.0.0.1", real)
        ends.append(asks)
        await asyncio.gather(carried(cable, client, asks), carried(cable, answers, writer))
    finally:
        for end in ends:
            end.close()


async def carried(cable: Cable, said: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await said.read(CHUNK):
            await cable.passes()
            to.write(part)
            await to.drain()
        await cable.passes()
    to.close()
