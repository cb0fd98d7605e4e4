"""Open views that note what they are sent and when, and what of a queue's changes reached each of them."""

import asyncio
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from backbone.clock import WallClock

OPEN_SECONDS = 30
SAME_CLOCK_SECONDS = 0.001
ITEM_ID, VERSION = re.compile(rb'"item_id":"([^"]+)"'), re.compile(rb'"version":(\d+)')
GONE_KEY = re.compile(rb'"key":"([^"]+)"')


class View(asyncio.Protocol):
    """One stream, read by hand: two hundred must cost little beside what they measure. HTTP/1.0 has no chunks."""

    def __init__(self, path: str, host: str, cookie: str) -> None:
        self._asks = f"GET {path} HTTP/1.0\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode()
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.pieces: list[tuple[float, bytes]] = []
        self._head = bytearray()
        self._clock = WallClock()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._asks)

    def data_received(self, data: bytes) -> None:
        if self.opened.done():
            self.pieces.append((self._clock.now().timestamp(), data))
            return
        self._head += data
        if b"event: reset" in self._head and self._head.endswith(b"\n\n"):
            self.opened.set_result(None)
            self._head.clear()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(bytes(self._head[:300]).decode(errors="replace")))

    def has(self, place: bytes) -> bool:
        """Was it sent this place of late?"""
        return place in b"".join(data for _, data in self.pieces[-50:])


@asynccontextmanager
async def views(url: str, path: str, cookies: Sequence[str], number: int) -> AsyncIterator[list[View]]:
    """So many, of these people in turn, once each has the whole list. Raises TimeoutError, ConnectionError."""
    address = urlsplit(url)
    opened: list[View] = []
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            for each in range(number):
                view = View(path, address.netloc, cookies[each % len(cookies)])
                await loop.create_connection(
                    partial(returned, view), address.hostname or "", address.port or 80
                )
                opened.append(view)
                await view.opened
        yield opened
    finally:
        for view in opened:
            view.transport.abort()


def returned(view: View) -> View:
    return view


class Change(NamedTuple):
    """A committed change of a row: `version` is None where it left its queue."""

    key: str
    version: int | None
    committed: datetime


class Received(NamedTuple):
    """Milliseconds from commit to the frame in a view; how many changes no view was told, over all views."""

    took: list[float]
    lost: int


def received(views: Sequence[View], changes: Sequence[Change]) -> Received:
    took, lost = [], 0
    for view in views:
        told = told_to(view)
        for change in changes:
            at = first(told.get(change.key, ()), change)
            if at is None:
                lost += 1
            else:
                took.append(1000 * (at - change.committed.timestamp()))
    return Received(took, lost)


Telling = tuple[float, int | None]
"""When, and which version; None where it was told to be gone."""


def first(tellings: Sequence[Telling], change: Change) -> float | None:
    """When a view was told it, or what came after it: changes of one row within a frame are one."""
    start = bisect_left(tellings, change.committed.timestamp() - SAME_CLOCK_SECONDS, key=lambda each: each[0])
    for at, version in tellings[start:]:
        if version is None or (change.version is not None and version >= change.version):
            return at
    return None


def told_to(view: View) -> Mapping[str, Sequence[Telling]]:
    """By key, in the order of time."""
    found: defaultdict[str, list[Telling]] = defaultdict(list)
    rest = b""
    for at, data in view.pieces:
        *messages, rest = (rest + data).split(b"\n\n")
        for message in messages:
            if (said := meaning(message)) is not None:
                found[said[0]].append((at, said[1]))
    return found


@cache
def meaning(message: bytes) -> tuple[str, int | None] | None:
    """Key and version of a row. All views are sent the same bytes, so each message is read once."""
    if b"event: item" in message:
        item, version = ITEM_ID.search(message), VERSION.search(message)
        assert item is not None and version is not None
        return item[1].decode(), int(version[1])
    if b"event: gone" in message:
        key = GONE_KEY.search(message)
        assert key is not None
        return key[1].decode(), None
    return None
