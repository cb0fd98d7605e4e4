"""Live views over server-sent events, without a gap.

Changes are numbered by (transaction, row). A reader stops below the oldest running transaction, so it never passes a
change that commits later; resumed with the last id that it saw, it misses nothing. A change says only *that* a row
changed, and the reader is told the row as it stands then: transactions commit in another order than they are numbered,
so the last number is not always the last state.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Protocol

import asyncpg
import msgspec

from backbone.clock import monotonic
from backbone.errors import Retryable
from backbone.store.live import Change, Cursor, LiveRows, News
from backbone.store.notify import listen
from backbone.store.postgres import TRANSIENT

BEAT_SECONDS = 10.0
POLL_SECONDS = 0.5
HELD_SECONDS = 0.02
FRAME_SECONDS = 0.1


class Source(Protocol):
    """Where a view reads from."""

    woken: asyncio.Event
    closed: bool

    async def snapshot(self, topics: Sequence[str]) -> tuple[Cursor, list[bytes]]: ...

    async def after(self, cursor: Cursor, topics: Sequence[str]) -> News: ...

    async def reaches_back_to(self, cursor: Cursor) -> bool: ...


class Feed(LiveRows):
    """Live rows, with one listening connection that wakes all views of the process."""

    def __init__(self, pool: asyncpg.Pool, database_url: str) -> None:
        super().__init__(pool)
        self._database_url = database_url
        self.woken = asyncio.Event()
        self.closed = False

    async def listen(self) -> None:
        """Wake the views when anybody commits a change. Cancelled, it closes them."""
        try:
            await listen(self._database_url, "live", self.wake)
        finally:
            self.closed = True
            self.wake()

    def wake(self) -> None:
        """Views take the event before they read, so a change between reading and waiting wakes them too."""
        woken, self.woken = self.woken, asyncio.Event()
        woken.set()


Render = Callable[[bytes], Any]
Pause = Callable[[float], Awaitable[None]]


async def stream(
    feed: Source, topics: Sequence[str], since: Cursor | None, render: Render, pause: Pause = asyncio.sleep
) -> AsyncIterator[bytes]:
    """Frames of one view: `reset` with all rows where it can't be resumed, then `item` and `gone`, and a `beat`.

    At most ten frames a second; changes of one item within a frame are one. Ends when the feed closes or the
    database goes away: the reader comes back with its last id.
    """
    try:
        async for frames in _told(feed, topics, since, render, pause):
            yield frames
    except Retryable:
        return
    except TRANSIENT:
        return


async def _told(
    feed: Source, topics: Sequence[str], since: Cursor | None, render: Render, pause: Pause
) -> AsyncIterator[bytes]:
    cursor = since
    if cursor is None or not await feed.reaches_back_to(cursor):
        cursor, rows = await feed.snapshot(topics)
        yield frame("reset", cursor, {"items": [render(row) for row in rows]})
    beaten = monotonic()
    while not feed.closed:
        woken = feed.woken
        changes, held = await feed.after(cursor, topics)
        if changes:
            yield burst(changes, cursor, render)
            cursor = changes[-1].cursor
        if monotonic() - beaten >= BEAT_SECONDS:
            beaten = monotonic()
            yield frame("beat", cursor, {})
        if changes:
            await pause(FRAME_SECONDS)
        else:
            await _woken(woken, HELD_SECONDS if held else POLL_SECONDS)


async def _woken(woken: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        return


def burst(changes: Sequence[Change], before: Cursor, render: Render) -> bytes:
    """One message an item. Only the last carries the new place: a burst that is cut is told again from before it."""
    *earlier, last = {(change.topic, change.key): change for change in changes}.values()
    told = [message(change, before, render) for change in earlier]
    return b"".join([*told, message(last, changes[-1].cursor, render)])


def message(change: Change, cursor: Cursor, render: Render) -> bytes:
    """`item` with the row, or `gone` with its key."""
    if change.value is None:
        return frame("gone", cursor, {"key": change.key, "topic": change.topic})
    return frame("item", cursor, render(change.value))


def frame(event: str, cursor: Cursor, data: Any) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (
        str(cursor).encode(),
        event.encode(),
        msgspec.json.encode(data),
    )
