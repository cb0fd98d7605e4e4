"""Open views on PostgreSQL: whatever order transactions commit in, a view ends with the rows as they are."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any

import asyncpg
import pytest

from backbone.clock import WallClock
from backbone.engine.generic import kinds_of
from backbone.http.frames import Drawn
from backbone.http.live import Channel
from backbone.http.views import Feed
from backbone.store.live import Cursor, read_cursor
from backbone.store.postgres import PostgresStore, open_pool
from tests.support.sample import SAMPLE

TOPIC = "sample.boxes"


async def at_once(seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def pool(sample_database: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_pool(sample_database, 8)
    yield pool
    await pool.close()


@pytest.fixture
def feed(pool: asyncpg.Pool, sample_database: str) -> Feed:
    return Feed(pool, sample_database)


async def put(connection: Any, key: str, value: Any, topic: str = TOPIC) -> None:
    """What the store writes in the transaction of a change; None takes the row away."""
    body = None if value is None else json.dumps({"topic": topic, "key": key, "value": value}).encode()
    if body is None:
        await connection.execute("DELETE FROM live_row WHERE topic = $1 AND key = $2", topic, key)
    else:
        await connection.execute(
            "INSERT INTO live_row VALUES ($1, $2, $3) ON CONFLICT (topic, key) DO UPDATE SET value = $3",
            topic,
            key,
            body,
        )
    await connection.execute(
        "INSERT INTO live_change (topic, key, value, recorded_at) VALUES ($1, $2, $3, $4)",
        topic,
        key,
        body,
        WallClock().now(),
    )
    await connection.execute("NOTIFY live")


def channel(feed: Feed) -> Channel:
    """As the process has it: one for all, while anybody views it."""
    found = feed.channel([TOPIC], Drawn, WallClock().now)
    found._pause = at_once
    return found


async def messages(frames: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Whole messages: a long one comes in pieces."""
    text = b""
    async for piece in frames:
        *whole, text = (text + piece).split(b"\n\n")
        for message in whole:
            yield message.decode()


def place_of(reader: "Reader") -> Cursor:
    """The place in the changes that stands in the id."""
    found = read_cursor((reader.place or "").rpartition(".")[2])
    assert found is not None
    return found


class Reader:
    """A page that is open: it keeps what it was told, and the id it would resume with."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.rows: dict[str, Any] = {}
        self.place: str | None = None
        self.heard: list[str] = []

    async def read_until(self, heard: str) -> None:
        """Connect, read until a row with this value or an event of this name came, or the end, then hang up."""
        frames = channel(self._feed).frames(self.place)
        async with asyncio.timeout(20):
            async for message in messages(frames):
                self._hear(dict(line.split(": ", 1) for line in message.split("\n")))
                if {heard, "end"} & set(self.heard):
                    return

    def _hear(self, message: dict[str, str]) -> None:
        data, self.place = json.loads(message["data"]), message["id"]
        self.heard.append(message["event"])
        if message["event"] == "reset":
            self.rows = {row["key"]: row["value"] for row in data["items"]}
            self.heard.extend(str(row["value"]) for row in data["items"])
        if message["event"] == "item":
            self.rows[data["key"]] = data["value"]
            self.heard.append(str(data["value"]))
        if message["event"] == "gone":
            self.rows.pop(data["key"], None)


async def test_a_change_that_commits_late_is_not_passed(feed: Feed, pool: asyncpg.Pool) -> None:
    reader = Reader(feed)
    await reader.read_until("reset")
    async with pool.acquire() as slow:
        late = slow.transaction()
        await late.start()
        await put(slow, "a", "late")
        await put(pool, "b", "early")
        changes, held = await feed.after(place_of(reader), [TOPIC])
        assert (changes, held) == ([], True)
        await late.commit()
    await reader.read_until("early")
    assert reader.rows == {"a": "late", "b": "early"}


async def test_a_row_stays_as_it_stands_when_the_older_transaction_writes_last(
    feed: Feed, pool: asyncpg.Pool
) -> None:
    await put(pool, "a", "before")
    reader = Reader(feed)
    await reader.read_until("reset")
    async with pool.acquire() as older, older.transaction():
        await older.execute("SELECT pg_current_xact_id()")
        await put(pool, "a", "first")
        await put(older, "a", "second")
    await put(pool, "z", "end")
    await reader.read_until("end")
    assert reader.heard.count("reset") == 1
    assert reader.rows == {"a": "second", "z": "end"}


@pytest.mark.parametrize("seed", range(3))
async def test_writers_who_commit_in_any_order_make_no_view_skip(
    feed: Feed, pool: asyncpg.Pool, seed: int
) -> None:
    chance, keys = Random(seed), [f"key {n}" for n in range(60)]

    async def write(writer: int) -> None:
        for turn in range(15):
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("SELECT pg_current_xact_id()")
                await connection.execute("SELECT pg_sleep($1)", chance.random() / 200)
                for key in sorted(chance.sample(keys, 2)):
                    # The row of the aggregate is locked before its change is written.
                    await connection.execute("SELECT pg_advisory_xact_lock(hashtext($1))", key)
                    await put(connection, key, None if chance.random() < 0.2 else f"{writer}.{turn}")
                await connection.execute("SELECT pg_sleep($1)", chance.random() / 200)
            feed.wake()

    steady, restless = Reader(feed), Reader(feed)
    async with asyncio.TaskGroup() as readers:
        readers.create_task(follow(steady, ["end"], chance))
        readers.create_task(follow(restless, ["item", "gone", "end"], chance))
        async with asyncio.TaskGroup() as writers:
            for writer in range(4):
                writers.create_task(write(writer))
        await put(pool, "end", "end")
    rows = await pool.fetch("SELECT value FROM live_row")
    present = {row["key"]: row["value"] for row in (json.loads(row[0]) for row in rows)}
    assert steady.rows == present
    assert restless.rows == present


SEVERAL = ("sample.boxes", "sample.crates", "sample.drums")
FOLLOWED = SEVERAL[:2]


class Together(Reader):
    """A page of several topics: it keeps rows by topic and key."""

    def __init__(self, feed: Feed, topics: Sequence[str]) -> None:
        super().__init__(feed)
        self.topics = topics
        self.present: dict[tuple[str, str], Any] = {}

    async def read_until(self, heard: str) -> None:
        shared = self._feed.channel(self.topics, Drawn, WallClock().now)
        shared._pause = at_once
        async with asyncio.timeout(20):
            async for message in messages(shared.frames(self.place)):
                self._take(dict(line.split(": ", 1) for line in message.split("\n")))
                if {heard, "end"} & set(self.heard):
                    return

    def _take(self, message: dict[str, str]) -> None:
        data, self.place, event = json.loads(message["data"]), message["id"], message["event"]
        rows = data["items"] if event == "reset" else [data] if event == "item" else []
        if event == "reset":
            self.present = {}
        if event == "gone":
            self.present.pop((data["topic"], data["key"]), None)
        self.present |= {(row["topic"], row["key"]): row["value"] for row in rows}
        self.heard += [event, *(str(row["value"]) for row in rows)]


async def move(connection: Any, chance: Random, key: str, value: str) -> None:
    """A row changes, goes, or moves from topic to topic, as transfers do: written in either order."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext($1))", key)
    before = await connection.fetchval("SELECT topic FROM live_row WHERE key = $1", key)
    there = chance.choice([*SEVERAL, None])
    steps = {before: None, there: value}
    for topic in chance.sample(list(filter(None, steps)), len(list(filter(None, steps)))):
        await put(connection, key, steps[topic], topic)


async def move_some(feed: Feed, pool: asyncpg.Pool, chance: Random, writer: int) -> None:
    for turn in range(15):
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_sleep($1)", chance.random() / 200)
            for key in sorted(chance.sample([f"key {n}" for n in range(30)], 2)):
                await move(connection, chance, key, f"{writer}.{turn}")
        feed.wake()


async def follow(reader: Reader, until: Sequence[str], chance: Random) -> None:
    """Hangs up now and then, where there is more than the end to wait for."""
    while "end" not in reader.heard:
        await reader.read_until(chance.choice(until))
        reader.heard = [heard for heard in reader.heard if heard == "end"]


@pytest.mark.parametrize("seed", range(3))
async def test_views_of_several_topics_end_with_the_rows_as_they_are(
    feed: Feed, pool: asyncpg.Pool, seed: int
) -> None:
    chance, restless = Random(seed), ["item", "gone", "end"]
    readers = [Together(feed, FOLLOWED), Together(feed, FOLLOWED), Together(feed, SEVERAL)]
    async with asyncio.TaskGroup() as reading:
        for reader, until in zip(readers, (["end"], restless, ["end"]), strict=True):
            reading.create_task(follow(reader, until, chance))
        async with asyncio.TaskGroup() as writers:
            for writer in range(4):
                writers.create_task(move_some(feed, pool, chance, writer))
        await put(pool, "end", "end")
    rows = await pool.fetch("SELECT topic, key, value FROM live_row")
    present = {(row[0], row[1]): json.loads(row[2])["value"] for row in rows}
    for reader in readers:
        assert reader.present == {key: value for key, value in present.items() if key[0] in reader.topics}


async def test_a_place_that_was_pruned_gets_a_reset(feed: Feed, pool: asyncpg.Pool) -> None:
    reader = Reader(feed)
    await reader.read_until("reset")
    await put(pool, "a", "old")
    await pool.execute("UPDATE live_change SET recorded_at = recorded_at - interval '2 days'")
    await PostgresStore(pool, kinds_of(SAMPLE)).prune(WallClock().now())
    await put(pool, "b", "new")
    reader.heard.clear()
    await reader.read_until("reset")
    assert reader.rows == {"a": "old", "b": "new"}


@pytest.mark.parametrize("place", ["9223372036854775807-0", "-5-3", "1-99999999999999999999", "abc", "7"])
async def test_a_place_that_is_none_of_ours_gets_a_reset(feed: Feed, pool: asyncpg.Pool, place: str) -> None:
    await put(pool, "a", 1)
    reader, name = Reader(feed), channel(feed)._name
    reader.place = f"{name}.{place}"
    await reader.read_until("reset")
    assert reader.rows == {"a": 1}


async def test_a_view_is_woken_by_the_commit_of_another_connection(feed: Feed, pool: asyncpg.Pool) -> None:
    listening = asyncio.ensure_future(feed.listen())
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    async with asyncio.timeout(10):
        while not await pool.fetchval(waiting):
            await asyncio.sleep(0.01)
        woken = feed.woken
        await put(pool, "a", 1)
        await woken.wait()
    listening.cancel()
    await asyncio.wait([listening])
    assert feed.closed


async def test_views_end_when_the_feed_closes(feed: Feed) -> None:
    frames = channel(feed).frames(None)
    async with asyncio.timeout(10):
        await anext(frames)
        feed.closed = True
        assert [frame async for frame in frames] == []
