"""Live views over server-sent events, without a gap.

Changes are numbered by (transaction, row). A reader stops below the oldest running transaction, so it never passes a
change that commits later; resumed with the last id that it saw, it misses nothing. A change says only *that* a row
changed, and the reader is told the row as it stands then: transactions commit in another order than they are numbered,
so the last number is not always the last state.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, NamedTuple, Protocol

import asyncpg
import msgspec

from backbone.clock import monotonic
from backbone.listening import listen
from backbone.store.postgres import TRANSIENT

BEAT_SECONDS = 10.0
POLL_SECONDS = 0.5
HELD_SECONDS = 0.02
FRAME_SECONDS = 0.1
AT_ONCE = 500
LAST_ROW = 2**63 - 1


class Cursor(NamedTuple):
    """A place in the changes: transaction and row."""

    xid: int
    seq: int

    def __str__(self) -> str:
        return f"{self.xid}-{self.seq}"


def read_cursor(text: str | None) -> Cursor | None:
    """None when there is no cursor, or none of ours."""
    try:
        xid, seq = (int(part) for part in (text or "").split("-"))
    except ValueError:
        return None
    return Cursor(xid, seq) if max(xid, seq) <= LAST_ROW else None


class Change(NamedTuple):
    """A row that changed, as it stands now; `value` is None when it is gone."""

    cursor: Cursor
    topic: str
    key: str
    value: bytes | None


class News(NamedTuple):
    """What is behind a cursor. `held`: more is committed, but a running transaction may still get in front of it."""

    changes: Sequence[Change]
    held: bool


class Source(Protocol):
    """Where a view reads from."""

    woken: asyncio.Event
    closed: bool

    async def snapshot(self, topics: Sequence[str]) -> tuple[Cursor, list[bytes]]: ...

    async def after(self, cursor: Cursor, topics: Sequence[str]) -> News: ...

    async def reaches_back_to(self, cursor: Cursor) -> bool: ...


class Feed:
    """Reads live rows and their changes. One listening connection wakes all views of the process."""

    def __init__(self, pool: asyncpg.Pool, database_url: str) -> None:
        self._pool = pool
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

    async def snapshot(self, topics: Sequence[str]) -> tuple[Cursor, list[bytes]]:
        """All present rows, and the place in the changes from which to go on."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            # Everything below the snapshot's oldest running transaction is in the rows; what is above may be too.
            xmin = await connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            rows = await connection.fetch("SELECT value FROM live_row WHERE topic = ANY($1::text[])", topics)
        return Cursor(xmin - 1, LAST_ROW), [row[0] for row in rows]

    async def after(self, cursor: Cursor, topics: Sequence[str]) -> News:
        """The rows whose committed changes are behind the cursor, as far as no running transaction can precede."""
        rows = await self._pool.fetch(
            """SELECT xid::text::bigint, seq, topic, key, live_row.value,
                      xid < pg_snapshot_xmin(pg_current_snapshot()) AS settled
               FROM live_change LEFT JOIN live_row USING (topic, key)
               WHERE topic = ANY($1::text[]) AND (xid, seq) > ($2::text::xid8, $3)
               ORDER BY xid, seq LIMIT $4""",
            topics,
            str(cursor.xid),
            cursor.seq,
            AT_ONCE,
        )
        settled = [Change(Cursor(row[0], row[1]), row[2], row[3], row[4]) for row in rows if row[5]]
        return News(settled, held=len(settled) < len(rows))

    async def reaches_back_to(self, cursor: Cursor) -> bool:
        """Are all changes behind the cursor still there? What is pruned can't be resumed."""
        oldest = await self._pool.fetchval("SELECT xid::text::bigint FROM live_change ORDER BY seq LIMIT 1")
        newest = await self._pool.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return oldest is not None and oldest - 1 <= cursor.xid < newest


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
