"""Live views over server-sent events, without a gap.

Changes are numbered by (transaction, row). A reader stops below the oldest running transaction, so it never passes a
change that commits later; resumed with the last id that it saw, it misses nothing and sees nothing twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, NamedTuple

import asyncpg
import msgspec

from backbone.clock import monotonic

BEAT_SECONDS = 10.0
POLL_SECONDS = 0.5
FRAME_SECONDS = 0.1
AT_ONCE = 500


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
    return Cursor(xid, seq)


class Change(NamedTuple):
    cursor: Cursor
    topic: str
    key: str
    value: bytes | None


class Feed:
    """Reads live rows and their changes. One listening connection wakes all views of the process."""

    def __init__(self, pool: asyncpg.Pool, database_url: str) -> None:
        self._pool = pool
        self._database_url = database_url
        self._changed = asyncio.Condition()

    async def listen(self) -> None:
        """For ever: wake the views when anybody commits a change."""
        while True:
            connection = None
            try:
                connection = await asyncpg.connect(self._database_url, timeout=5)
                await connection.add_listener("live", lambda *_: asyncio.ensure_future(self._wake()))
                while not connection.is_closed():
                    await asyncio.sleep(POLL_SECONDS)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(POLL_SECONDS)
            finally:
                if connection is not None:
                    connection.terminate()

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def wait(self) -> None:
        """Until something may have changed."""
        try:
            async with asyncio.timeout(POLL_SECONDS), self._changed:
                await self._changed.wait()
        except TimeoutError:
            return

    async def snapshot(self, topics: Sequence[str]) -> tuple[Cursor, list[bytes]]:
        """All present rows, and the place in the changes from which to go on."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            # Everything below the snapshot's oldest running transaction is in the rows; what is above may be too.
            xmin = await connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            rows = await connection.fetch("SELECT value FROM live_row WHERE topic = ANY($1::text[])", topics)
        return Cursor(xmin - 1, 2**62), [row[0] for row in rows]

    async def after(self, cursor: Cursor, topics: Sequence[str]) -> list[Change]:
        """Committed changes behind the cursor that no running transaction can still get in front of."""
        rows = await self._pool.fetch(
            """SELECT xid::text::bigint, seq, topic, key, value FROM live_change
               WHERE topic = ANY($1::text[]) AND (xid, seq) > ($2::text::xid8, $3)
                 AND xid < pg_snapshot_xmin(pg_current_snapshot())
               ORDER BY xid, seq LIMIT $4""",
            topics,
            str(cursor.xid),
            cursor.seq,
            AT_ONCE,
        )
        return [Change(Cursor(row[0], row[1]), *row[2:]) for row in rows]

    async def reaches_back_to(self, cursor: Cursor) -> bool:
        """Are all changes behind the cursor still there? What is pruned can't be resumed."""
        oldest = await self._pool.fetchval("SELECT min(xid::text::bigint) FROM live_change")
        newest = await self._pool.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return oldest is not None and oldest - 1 <= cursor.xid < newest


Render = Callable[[bytes], Any]


async def stream(
    feed: Feed, topics: Sequence[str], since: Cursor | None, render: Render
) -> AsyncIterator[bytes]:
    """Frames of one view: `reset` with all rows where it can't be resumed, then `item` and `gone`, and a `beat`.

    At most ten frames a second; changes of one item within a frame are one.
    """
    cursor = since
    if cursor is None or not await feed.reaches_back_to(cursor):
        cursor, rows = await feed.snapshot(topics)
        yield frame("reset", cursor, {"items": [render(row) for row in rows]})
    beaten = monotonic()
    while True:
        changes = await feed.after(cursor, topics)
        if changes:
            cursor = changes[-1].cursor
            latest = {change.key: change for change in changes}
            yield b"".join(change_frame(change, cursor, render) for change in latest.values())
            await asyncio.sleep(FRAME_SECONDS)
            continue
        if monotonic() - beaten >= BEAT_SECONDS:
            beaten = monotonic()
            yield frame("beat", cursor, {})
        await feed.wait()


def change_frame(change: Change, cursor: Cursor, render: Render) -> bytes:
    if change.value is None:
        return frame("gone", cursor, {"key": change.key, "topic": change.topic})
    return frame("item", cursor, render(change.value))


def frame(event: str, cursor: Cursor, data: Any) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (
        str(cursor).encode(),
        event.encode(),
        msgspec.json.encode(data),
    )
