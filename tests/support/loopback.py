"""Between a client and a broker: reads as much of Kafka's framing as it takes to lose what a test wants lost."""

import asyncio
import struct
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

PRODUCE, ADD_PARTITIONS, ADD_OFFSETS, END_TXN, TXN_OFFSET_COMMIT = 0, 24, 25, 26, 28
OFFSET_FETCH = 9
COORDINATOR_LOAD_IN_PROGRESS, INVALID_RECORD = 14, 87
HOST = b"127.0.0.1"


class Link:
    """One connection of the client, with its own to the broker."""

    def __init__(self, client: asyncio.StreamWriter, broker: asyncio.StreamWriter) -> None:
        self.client = client
        self.broker = broker
        self.keys: dict[bytes, int] = {}
        """API keys of what was asked, by correlation id."""
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()
        """What the broker says after the client has been cut off."""

    def cut(self) -> None:
        """The client sees the connection break; the broker does not."""
        self.client.transport.abort()

    def ask(self, frame: bytes) -> None:
        self.broker.write(framed(frame))


class Loopback:
    """Passes everything on. Subclasses lose or hold back; they must not, for what they do not care about."""

    async def asked(self, link: Link, key: int, frame: bytes) -> bool:
        """Shall this request go to the broker?"""
        return True

    async def answered(self, link: Link, key: int, frame: bytes) -> bool:
        """Shall this answer go to the client?"""
        return True


class LateEndTxn(Loopback):
    """Every nth EndTxn is on its way until the next transaction has written something; its client is cut off."""

    def __init__(self, nth: int) -> None:
        self._nth = nth
        self._seen = 0
        self._late: list[tuple[Link, bytes]] = []
        self.errors: list[int] = []
        """What the broker answered to the late ones; 0: it ended a transaction."""

    async def asked(self, link: Link, key: int, frame: bytes) -> bool:
        if key != END_TXN:
            return True
        self._seen += 1
        if self._seen % self._nth:
            return True
        self._late.append((link, frame))
        link.cut()
        return False

    async def answered(self, link: Link, key: int, frame: bytes) -> bool:
        if key == PRODUCE:
            while self._late:
                late, request = self._late.pop()
                late.ask(request)
                answer = await asyncio.wait_for(late.answers.get(), 20)
                self.errors.append(struct.unpack(">h", answer[8:10])[0])
        return True


class LostAnswers(Loopback):
    """Every nth answer to requests with these keys is lost with its connection: the broker did what was asked."""

    def __init__(self, keys: Collection[int], nth: int) -> None:
        self._keys = keys
        self._nth = nth
        self._seen = 0
        self.lost = 0

    async def answered(self, link: Link, key: int, frame: bytes) -> bool:
        self._seen += key in self._keys
        if key not in self._keys or self._seen % self._nth:
            return True
        self.lost += 1
        link.cut()
        return False


class LoadingGroup(Loopback):
    """The first question what a group committed comes while its coordinator still loads it."""

    def __init__(self) -> None:
        self.asked_early = False

    async def answered(self, link: Link, key: int, frame: bytes) -> bool:
        if key != OFFSET_FETCH or self.asked_early:
            return True
        self.asked_early = True
        no_throttling, no_topics = 0, 0
        link.client.write(
            framed(frame[:4] + struct.pack(">iih", no_throttling, no_topics, COORDINATOR_LOAD_IN_PROGRESS))
        )
        return False


class RefusesRecord(Loopback):
    """Whatever is produced with this in it is an invalid record, for one topic with one partition."""

    def __init__(self, poison: bytes) -> None:
        self._poison = poison
        self._poisoned: set[tuple[Link, bytes]] = set()

    async def asked(self, link: Link, key: int, frame: bytes) -> bool:
        if key == PRODUCE and self._poison in frame:
            self._poisoned.add((link, frame[4:8]))
        return True

    async def answered(self, link: Link, key: int, frame: bytes) -> bool:
        if key != PRODUCE or (link, frame[:4]) not in self._poisoned:
            return True
        (topic,) = struct.unpack(">h", frame[8:10])
        error = 10 + topic + 4 + 4  # behind the topic's name, the number of partitions and the partition
        link.client.write(framed(frame[:error] + struct.pack(">h", INVALID_RECORD) + frame[error + 2 :]))
        return False


@asynccontextmanager
async def between(broker: int, loopback: Loopback) -> AsyncIterator[str]:
    """The bootstrap address of a broker that is reached through the loopback only."""
    links: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        links.add(asyncio.create_task(pass_on(loopback, reader, writer, broker, port)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.close()
        for task in links:
            task.cancel()
        await asyncio.gather(*links, return_exceptions=True)


async def pass_on(
    loopback: Loopback, client: asyncio.StreamReader, writer: asyncio.StreamWriter, broker: int, shown: int
) -> None:
    """One connection, until the broker closes it: when the client goes, the broker's side stays for what is late."""
    answers, asks = await asyncio.open_connection("127.0.0.1", broker)
    link = Link(writer, asks)
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(asking(loopback, link, client))
            both.create_task(answering(loopback, link, answers, broker, shown))
    except* (OSError, EOFError):
        pass
    finally:
        writer.close()
        asks.close()


async def asking(loopback: Loopback, link: Link, client: asyncio.StreamReader) -> None:
    with suppress(OSError, EOFError):
        while True:
            frame = await one_frame(client)
            key = struct.unpack(">h", frame[:2])[0]
            link.keys[frame[4:8]] = key
            if await loopback.asked(link, key, frame):
                link.ask(frame)


async def answering(
    loopback: Loopback, link: Link, broker: asyncio.StreamReader, real: int, shown: int
) -> None:
    while True:
        frame = await one_frame(broker)
        key = link.keys.pop(frame[:4])
        if link.client.transport.is_closing():
            await link.answers.put(frame)
        elif await loopback.answered(link, key, frame):
            link.client.write(framed(frame.replace(address(real), address(shown))))


async def one_frame(reader: asyncio.StreamReader) -> bytes:
    (size,) = struct.unpack(">i", await reader.readexactly(4))
    return await reader.readexactly(size)


def framed(frame: bytes) -> bytes:
    return struct.pack(">i", len(frame)) + frame


def address(port: int) -> bytes:
    """As Metadata and FindCoordinator answers hold it: the host, then its port."""
    return HOST + struct.pack(">i", port)
