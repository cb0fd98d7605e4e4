"""What an open view is told, from a source in memory and without waiting."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import pytest

from backbone.http import live
from backbone.http.live import stream
from backbone.store.live import Change, Cursor, News

TOPIC = "queue"


class Rows:
    """Rows and their changes in a list; `told` turns of the source are given out one after another."""

    def __init__(self, *turns: Sequence[Change]) -> None:
        self._turns = list(turns)
        self.woken = asyncio.Event()
        self.woken.set()
        self.closed = False
        self.asked: list[Cursor] = []

    async def snapshot(self, topics: Sequence[str]) -> tuple[Cursor, list[bytes]]:
        return Cursor(10, 0), [b'"first"']

    async def after(self, cursor: Cursor, topics: Sequence[str]) -> News:
        self.asked.append(cursor)
        if not self._turns:
            self.closed = True
            return News([], held=False)
        return News(self._turns.pop(0), held=False)

    async def reaches_back_to(self, cursor: Cursor) -> bool:
        return cursor.xid >= 10


def changed(seq: int, key: str, value: str | None) -> Change:
    return Change(Cursor(20, seq), TOPIC, key, json.dumps(value).encode() if value else None)


async def messages(frames: AsyncIterator[bytes]) -> list[tuple[str, str, object]]:
    """(id, event, data) of all messages."""
    found = []
    async for frame in frames:
        for text in frame.decode().strip().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in text.split("\n"))
            found.append((lines["id"], lines["event"], json.loads(lines["data"])))
    return found


class Pauses:
    """Where a view would have waited."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def test_a_new_view_starts_with_all_rows() -> None:
    assert await messages(stream(Rows(), [TOPIC], None, json.loads)) == [
        ("10-0", "reset", {"items": ["first"]})
    ]


async def test_a_view_that_can_be_resumed_gets_no_rows_again() -> None:
    rows = Rows([changed(1, "a", "one")])
    told = await messages(stream(rows, [TOPIC], Cursor(12, 3), json.loads, Pauses()))
    assert told == [("20-1", "item", "one")]
    assert rows.asked[0] == Cursor(12, 3)


async def test_a_place_too_old_is_reset() -> None:
    [(_, event, _)] = await messages(stream(Rows(), [TOPIC], Cursor(9, 0), json.loads))
    assert event == "reset"


async def test_changes_of_one_item_within_a_frame_are_one() -> None:
    turn = [changed(1, "a", "one"), changed(2, "b", "two"), changed(3, "a", "three"), changed(4, "c", None)]
    told = await messages(stream(Rows(turn), [TOPIC], Cursor(10, 0), json.loads, Pauses()))
    assert [data for _, _, data in told] == ["three", "two", {"key": "c", "topic": TOPIC}]


async def test_a_burst_that_is_cut_is_told_again_from_before_it() -> None:
    turn = [changed(1, "a", "one"), changed(2, "b", "two")]
    told = await messages(stream(Rows(turn), [TOPIC], Cursor(10, 0), json.loads, Pauses()))
    assert [place for place, _, _ in told] == ["10-0", "20-2"]


async def test_a_view_gets_at_most_ten_frames_a_second() -> None:
    pauses = Pauses()
    rows = Rows(*([changed(n, "a", str(n))] for n in range(30)))
    await messages(stream(rows, [TOPIC], Cursor(10, 0), json.loads, pauses))
    assert sum(pauses.seconds) >= 30 / 10 - 0.001


async def test_a_silent_view_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "monotonic", iter(range(0, 100, 11)).__next__)
    told = await messages(stream(Rows(), [TOPIC], Cursor(10, 0), json.loads))
    assert told == [("10-0", "beat", {})]


async def test_a_view_ends_when_the_database_goes_away() -> None:
    class Away(Rows):
        async def after(self, cursor: Cursor, topics: Sequence[str]) -> News:
            raise ConnectionResetError

    told = await messages(stream(Away(), [TOPIC], None, json.loads))
    assert [event for _, event, _ in told] == ["reset"]
