"""Live views over server-sent events, without a gap; read and drawn once for all views of the same topics (ADR 14).

Changes are numbered by (transaction, row). A reader stops below the oldest running transaction, so it never passes a
change that commits later; resumed with the last id that it saw, it misses nothing. A change says only *that* a row
changed, and the reader is told the row as it stands then: transactions commit in another order than they are numbered,
so the last number is not always the last state (ADR 6). What is told of a row only moves forward, because whatever is
told later was also read later.
"""

import asyncio
from collections import deque
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import UTC, datetime
from hashlib import sha256
from heapq import heappop, heappush
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from backbone.clock import monotonic
from backbone.errors import Retryable
from backbone.http.frames import PIECE_BYTES, Drawn, burst, items, message, reset
from backbone.store.live import Change, Cursor, Key, News, read_cursor
from backbone.store.postgres import TRANSIENT

T = TypeVar("T")

BEAT_SECONDS = 10.0
POLL_SECONDS = 0.5
HELD_SECONDS = 0.02
FRAME_SECONDS = 0.1
NAME_LENGTH = 8
KEPT_BYTES = 1024 * 1024
"""How much of what was told is kept for views that are slow."""
AT_ONCE = 500
"""Rows that are drawn before anybody else has a turn."""
NOTHING = News((), held=False)


class Source(Protocol):
    """Where rows and their changes are read."""

    woken: asyncio.Event
    closed: bool

    async def snapshot(self, topics: Sequence[str]) -> tuple[Cursor, Sequence[tuple[Key, bytes]]]: ...

    async def present(self, keys: Sequence[Key]) -> Sequence[tuple[Key, bytes]]: ...

    async def after(self, cursor: Cursor, topics: Sequence[str]) -> News: ...

    async def reaches_back_to(self, cursor: Cursor) -> bool: ...


class Turns:
    """Which rows look otherwise at which moments to come."""

    def __init__(self) -> None:
        self._moments: list[datetime] = []
        self._keys: dict[datetime, set[Key]] = {}

    def expect(self, rows: Mapping[Key, Drawn], since: datetime) -> None:
        """What turns after `since`."""
        for key, row in rows.items():
            for moment in row.turns:
                if moment > since:
                    if moment not in self._keys:
                        heappush(self._moments, moment)
                    self._keys.setdefault(moment, set()).add(key)

    def passed(self, now: datetime, rows: Mapping[Key, Drawn]) -> Iterator[Key]:
        """Once: rows that have turned, and not changed so that they no longer do."""
        while self._moments and self._moments[0] <= now:
            moment = heappop(self._moments)
            yield from (
                key for key in sorted(self._keys.pop(moment)) if key in rows and moment in rows[key].turns
            )


class Told(NamedTuple):
    """What views were told at once, and where in the changes that leaves them."""

    cursor: Cursor
    frame: bytes


class Tail:
    """The last of what all views were told. It is numbered; `end` is the next number."""

    def __init__(self) -> None:
        self.end = 0
        self._kept: deque[Told] = deque()
        self._bytes = 0

    def add(self, told: Told) -> None:
        self.end += 1
        self._kept.append(told)
        self._bytes += len(told.frame)
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            self._bytes -= len(self._kept.popleft().frame)

    def at(self, number: int) -> Told | None:
        """None for what is not told yet, or not kept any more."""
        index = number - self.end + len(self._kept)
        return self._kept[index] if 0 <= index < len(self._kept) else None


class Channel:
    """The rows of some topics as they are shown, for all views of them in this process. Whoever waits for news reads
    for all. Its name stands in its places: with that of another channel nobody can go on here."""

    def __init__(
        self,
        source: Source,
        topics: Collection[str],
        draw: Callable[[bytes], Drawn],
        now: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source = source
        self._topics = tuple(sorted(topics))
        self._name = sha256(" ".join(self._topics).encode()).hexdigest()[:NAME_LENGTH]
        self._draw = draw
        self._now = now
        self._pause = pause
        self._turn = asyncio.Lock()
        self._rows: dict[Key, Drawn] | None = None
        self._tail = Tail()
        self._cursor = Cursor(0, 0)
        self._looked_at = now()
        self._turns = Turns()
        self._turning: list[Key] = []
        self._beaten_at = monotonic()
        self._paces = False

    async def frames(self, last: str | None) -> AsyncIterator[bytes]:
        """Of one view: `reset` with all rows where it can't be resumed, then `item` and `gone`, and a `beat`.

        `last` is the id that it saw last. At most ten frames a second; changes of one item within a frame are one.
        Ends when the source closes or the database goes away: the reader comes back with its last id.
        """
        try:
            async for frame in self._followed(self._since(last)):
                for start in range(0, len(frame), PIECE_BYTES):
                    yield frame[start : start + PIECE_BYTES]
        except Retryable:
            return
        except TRANSIENT:
            return

    def _since(self, last: str | None) -> Cursor | None:
        """None without an id, or with one that is none of this channel's."""
        name, _, place = (last or "").rpartition(".")
        return read_cursor(place) if name == self._name else None

    def _id(self, cursor: Cursor) -> bytes:
        return f"{self._name}.{cursor}".encode()

    async def _followed(self, since: Cursor | None) -> AsyncIterator[bytes]:
        rows, cursor = await self._loaded(), since
        number: int | None = None
        if cursor is None or not await self._source.reaches_back_to(cursor):
            number, cursor = self._tail.end, self._cursor
            for piece in reset(self._id(cursor), list(rows.values())):
                yield piece
        while not self._source.closed:
            if number is None:
                async for following, told in self._missed(cursor, rows):
                    yield told.frame
                    cursor, number = told.cursor, following
            elif found := await self._next(number, rows):
                yield found.frame
                cursor, number = found.cursor, number + 1
            else:
                number = None

    async def _loaded(self) -> dict[Key, Drawn]:
        """The rows: read and drawn by the first who asks."""
        if self._rows is not None:
            return self._rows
        async with self._turn:
            if self._rows is None:
                looked_at, rows = self._now(), dict[Key, Drawn]()
                cursor, values = await self._source.snapshot(self._topics)
                for some in batched(values):
                    rows.update((key, self._draw(value)) for key, value in some)
                    await asyncio.sleep(0)
                self._rows, self._cursor, self._looked_at = rows, cursor, looked_at
                self._turns.expect(rows, looked_at)
            return self._rows

    async def _missed(
        self, cursor: Cursor, rows: Mapping[Key, Drawn]
    ) -> AsyncIterator[tuple[int | None, Told]]:
        """What a view that was away or slow has not seen; with the last the number that all others are told next."""
        now = self._now()
        for keys in batched([key for key, row in rows.items() if row.turned(now)]):
            yield None, Told(cursor, items(await self._read(keys)))
        while True:
            end, news = self._tail.end, NOTHING
            if cursor < self._cursor:
                news = await self._source.after(cursor, self._topics)
            if not news.changes:
                yield end, Told(cursor, b"")
                return
            before, cursor = cursor, news.changes[-1].cursor
            yield None, Told(cursor, self._burst(news.changes, before, self._drawn(news.changes)))

    async def _next(self, number: int, rows: dict[Key, Drawn]) -> Told | None:
        """What has this number, once it is told. None when the source closes, or when it is not kept any more."""
        while number == self._tail.end and not self._source.closed:
            async with self._turn:
                if number == self._tail.end and not self._source.closed:
                    await self._look(rows)
        return self._tail.at(number)

    async def _look(self, rows: dict[Key, Drawn]) -> None:
        """Once at what is new; for a moment, where nothing is. Whoever looks may be cut off while it waits."""
        if self._paces:
            await self._pause(FRAME_SECONDS)
            self._paces = False
        woken, now = self._source.woken, self._now()
        self._turning += self._turns.passed(now, rows)
        self._looked_at = now
        some = self._turning[:AT_ONCE]
        turned = await self._read(some)
        changes, held = await self._source.after(self._cursor, self._topics)
        del self._turning[: len(some)]
        self._take(turned, rows)
        frame = items(turned) + self._changed(changes, rows) + self._beat()
        self._paces = bool(changes or turned)
        if frame:
            self._tail.add(Told(self._cursor, frame))
        else:
            await _woken(woken, HELD_SECONDS if held else POLL_SECONDS)

    async def _read(self, keys: Sequence[Key]) -> dict[Key, Drawn]:
        """Rows that are still there, drawn anew."""
        found = await self._source.present(keys) if keys else ()
        return {key: self._draw(value) for key, value in found}

    def _changed(self, changes: Sequence[Change], rows: dict[Key, Drawn]) -> bytes:
        if not changes:
            return b""
        drawn, before, self._cursor = self._drawn(changes), self._cursor, changes[-1].cursor
        for change in changes:
            rows.pop(change.row, None)
        self._take(drawn, rows)
        return self._burst(changes, before, drawn)

    def _take(self, drawn: Mapping[Key, Drawn], rows: dict[Key, Drawn]) -> None:
        rows.update(drawn)
        self._turns.expect(drawn, self._looked_at)

    def _burst(self, changes: Sequence[Change], before: Cursor, drawn: Mapping[Key, Drawn]) -> bytes:
        return burst(changes, self._id(before), self._id(changes[-1].cursor), drawn)

    def _drawn(self, changes: Sequence[Change]) -> dict[Key, Drawn]:
        """The rows that are still there, as the last change of each says."""
        latest = {change.row: change.value for change in changes}
        return {key: self._draw(value) for key, value in latest.items() if value is not None}

    def _beat(self) -> bytes:
        if monotonic() - self._beaten_at < BEAT_SECONDS:
            return b""
        self._beaten_at = monotonic()
        said = msgspec.json.encode({"now": self._now().astimezone(UTC)})
        return message("beat", said, self._id(self._cursor))


def batched(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


async def _woken(woken: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        return
