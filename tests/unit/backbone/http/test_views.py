"""What open views are told, from a source in memory and without waiting."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from backbone.http import live
from backbone.http.frames import PIECE_BYTES, Drawn
from backbone.http.live import Channel
from backbone.store.live import Change, Cursor, Key, News

TOPIC = "queue"
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


def at(xid: int, seq: int, *topics: str) -> str:
    """The id of a place, in the channel of these topics."""
    name = sha256(" ".join(sorted(topics or (TOPIC,))).encode()).hexdigest()[:8]
    return f"{name}.{xid}-{seq}"


SOME = at(12, 3)


class Rows:
    """Rows and their changes; `turns` of changes are told one after another, then the source closes."""

    def __init__(self, *turns: Sequence[Change], rows: Mapping[str, Any] | None = None) -> None:
        self.rows = dict(rows or {"first": "first"})
        self._turns = list(turns)
        self.woken = asyncio.Event()
        self.woken.set()
        self.closed = False
        self.asked: list[Cursor] = []
        self.snapshots = 0

    async def snapshot(self, topics: Sequence[str]) -> tuple[Cursor, Sequence[tuple[Key, bytes]]]:
        self.snapshots += 1
        await asyncio.sleep(0)
        return Cursor(10, 0), await self.present([(TOPIC, key) for key in self.rows])

    async def present(self, keys: Sequence[Key]) -> Sequence[tuple[Key, bytes]]:
        return [(key, json.dumps(self.rows[key[1]]).encode()) for key in keys if key[1] in self.rows]

    async def after(self, cursor: Cursor, topics: Sequence[str]) -> News:
        self.asked.append(cursor)
        await asyncio.sleep(0)
        if not self._turns:
            self.closed = True
            return News([], held=False)
        return News(self._turns.pop(0), held=False)

    async def reaches_back_to(self, cursor: Cursor) -> bool:
        return cursor.xid >= 10


class Pauses:
    """Where a view would have waited."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


def changed(seq: int, key: str, value: str | None) -> Change:
    return Change(Cursor(20, seq), TOPIC, key, json.dumps(value).encode() if value else None)


def channel(rows: Rows, pauses: Pauses | None = None, draw: Any = Drawn, now: Any = lambda: NOON) -> Channel:
    return Channel(rows, [TOPIC], draw, now, pauses or Pauses())


async def messages(frames: AsyncIterator[bytes]) -> list[tuple[str | None, str, Any]]:
    """(id, event, data) of all messages."""
    found = []
    for text in b"".join([piece async for piece in frames]).decode().strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in text.split("\n"))
        found.append((lines.get("id"), lines["event"], json.loads(lines["data"])))
    return found


async def test_a_new_view_starts_with_all_rows() -> None:
    assert await messages(channel(Rows()).frames(None)) == [(at(10, 0), "reset", {"items": ["first"]})]


async def test_a_view_that_can_be_resumed_gets_no_rows_again() -> None:
    told = await messages(channel(Rows([changed(1, "a", "one")])).frames(SOME))
    assert told == [(at(20, 1), "item", "one")]


async def test_a_view_that_was_away_reads_what_it_missed_from_its_own_place_on() -> None:
    rows = Rows([changed(1, "a", "one")], [changed(1, "a", "one")], [], [changed(2, "b", "two")])
    shared = channel(rows)
    first = shared.frames(None)
    await anext(first)
    await anext(first)
    told = await messages(shared.frames(SOME))
    assert rows.asked[1] == Cursor(12, 3)
    assert told == [(at(20, 1), "item", "one"), (at(20, 2), "item", "two")]


async def test_a_place_in_other_topics_is_reset() -> None:
    for place in (at(12, 3, TOPIC, "another"), at(12, 3, "another"), "12-3", "x.12-3", "."):
        [(_, event, _)] = await messages(channel(Rows()).frames(place))
        assert event == "reset"


async def test_what_moves_to_another_topic_is_gone_before_it_is_there() -> None:
    there, gone = changed(1, "a", "moved"), changed(2, "a", None)._replace(topic="another")
    shared = Channel(Rows([there, gone]), [TOPIC, "another"], Drawn, lambda: NOON, Pauses())
    told = await messages(shared.frames(at(10, 0, TOPIC, "another")))
    assert told == [
        (at(10, 0, TOPIC, "another"), "gone", {"key": "a", "topic": "another"}),
        (at(20, 2, TOPIC, "another"), "item", "moved"),
    ]


async def test_a_place_too_old_is_reset() -> None:
    [(_, event, _)] = await messages(channel(Rows()).frames(at(9, 0)))
    assert event == "reset"


async def test_changes_of_one_item_within_a_frame_are_one() -> None:
    turn = [changed(1, "a", "one"), changed(2, "b", "two"), changed(3, "a", "three"), changed(4, "c", None)]
    told = await messages(channel(Rows(turn)).frames(at(10, 0)))
    assert [data for _, _, data in told] == [{"key": "c", "topic": TOPIC}, "three", "two"]


async def test_a_burst_that_is_cut_is_told_again_from_before_it() -> None:
    turn = [changed(1, "a", "one"), changed(2, "b", "two")]
    told = await messages(channel(Rows(turn)).frames(at(10, 0)))
    assert [place for place, _, _ in told] == [at(10, 0), at(20, 2)]


async def test_a_view_gets_at_most_ten_frames_a_second() -> None:
    pauses = Pauses()
    rows = Rows(*([changed(n, "a", str(n))] for n in range(30)))
    await messages(channel(rows, pauses).frames(at(10, 0)))
    assert sum(pauses.seconds) >= 30 / 10 - 0.001


async def test_a_silent_view_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "monotonic", iter(range(0, 100, 11)).__next__)
    told = await messages(channel(Rows()).frames(at(10, 0)))
    assert told == [(at(10, 0), "beat", {"now": "2027-01-04T12:00:00Z"})]


async def test_a_view_ends_when_the_database_goes_away() -> None:
    class Away(Rows):
        async def after(self, cursor: Cursor, topics: Sequence[str]) -> News:
            raise ConnectionResetError

    told = await messages(channel(Away()).frames(None))
    assert [event for _, event, _ in told] == ["reset"]


async def test_views_of_one_topic_are_read_for_and_drawn_once() -> None:
    drawn: list[bytes] = []

    def draw(value: bytes) -> Drawn:
        drawn.append(value)
        return Drawn(value)

    rows = Rows([changed(1, "a", "one")], [changed(2, "a", "two")], rows={f"row {n}": n for n in range(50)})
    shared = channel(rows, draw=draw)
    views = await asyncio.gather(*(messages(shared.frames(None)) for _ in range(20)))
    assert (rows.snapshots, len(rows.asked), len(drawn)) == (1, 3, 50 + 2)
    assert all(view == views[0] for view in views)
    assert [event for _, event, _ in views[0]] == ["reset", "item", "item"]


async def test_when_the_view_that_reads_is_cut_off_another_reads_on() -> None:
    class Waiting(Rows):
        """The first look lasts until it is cut off."""

        async def after(self, cursor: Cursor, topics: Sequence[str]) -> News:
            if not self.asked:
                self.asked.append(cursor)
                await asyncio.Event().wait()
            return await super().after(cursor, topics)

    rows = Waiting([changed(1, "a", "one")])
    shared = channel(rows)
    cut = asyncio.ensure_future(messages(shared.frames(None)))
    other = asyncio.ensure_future(messages(shared.frames(None)))
    while not rows.asked:
        await asyncio.sleep(0)
    cut.cancel()
    assert [data for _, _, data in await other] == [{"items": ["first"]}, "one"]


async def test_a_long_message_is_handed_over_in_pieces() -> None:
    rows = Rows(rows={f"row {n}": "x" * 2_000 for n in range(500)})
    pieces = [piece async for piece in channel(rows).frames(None)]
    assert max(map(len, pieces)) <= PIECE_BYTES
    assert len(pieces) > 10
    [(_, _, data)] = await messages(in_pieces(pieces))
    assert len(data["items"]) == 500


async def in_pieces(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_a_view_that_is_too_slow_for_what_is_kept_reads_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "KEPT_BYTES", 10)
    rows = Rows(
        *([changed(n, "a", str(n))] for n in range(1, 6)),
        [changed(5, "a", "5")],  # what the slow one reads
        [changed(6, "a", "6")],
    )
    shared = channel(rows)
    slow, quick = shared.frames(None), shared.frames(None)
    await anext(slow)
    for _ in range(6):
        await anext(quick)
    assert [data for _, _, data in await messages(slow)] == ["5", "6"]


def clock(*minutes: int) -> Iterator[datetime]:
    yield from (NOON + timedelta(minutes=each) for each in minutes)
    while True:
        yield NOON + timedelta(minutes=minutes[-1])


def until(minutes: int) -> Any:
    """Rows look otherwise after so many minutes."""
    return lambda value: Drawn(value, (NOON + timedelta(minutes=minutes),))


async def test_what_time_alone_changes_is_told_once_to_all() -> None:
    rows = Rows([], [], [], rows={"a": "late"})
    shared = channel(rows, draw=until(5), now=clock(0, 0, 4, 5, 6).__next__)
    views = await asyncio.gather(messages(shared.frames(None)), messages(shared.frames(None)))
    assert views[0] == views[1] == [(at(10, 0), "reset", {"items": ["late"]}), (None, "item", "late")]


async def test_a_view_that_was_away_is_told_what_time_has_changed_meanwhile() -> None:
    rows = Rows([], rows={"a": "late", "b": "gone"})
    shared = channel(rows, draw=until(5), now=clock(0, 6).__next__)
    first = shared.frames(None)
    await anext(first)
    del rows.rows["b"]
    assert await messages(shared.frames(SOME)) == [(None, "item", "late")]


async def test_many_rows_that_turn_at_once_are_told_in_several_frames() -> None:
    many = live.AT_ONCE + 1
    rows = Rows([], [], [], rows={f"row {n}": n for n in range(many)})
    pauses = Pauses()
    shared = channel(rows, pauses, draw=until(5), now=clock(0, 0, 5).__next__)
    told = await messages(shared.frames(None))
    assert [event for _, event, _ in told] == ["reset"] + ["item"] * many
    assert len(pauses.seconds) == 2


async def test_a_later_view_starts_with_the_rows_as_they_are_then() -> None:
    rows = Rows([changed(1, "first", None), changed(2, "b", "two")])
    shared = channel(rows)
    first = shared.frames(None)
    await anext(first)
    await anext(first)
    assert await messages(shared.frames(None)) == [(at(20, 2), "reset", {"items": ["two"]})]


async def test_a_new_view_does_not_wait_for_news() -> None:
    class Silent(Rows):
        async def after(self, cursor: Cursor, topics: Sequence[str]) -> News:
            self.asked.append(cursor)
            await asyncio.Event().wait()
            raise AssertionError("nothing happens")

    rows = Silent()
    shared = channel(rows)
    waiting = asyncio.ensure_future(messages(shared.frames(None)))
    while not rows.asked:
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        assert b"reset" in await anext(shared.frames(None))
    waiting.cancel()
