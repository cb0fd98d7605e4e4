"""Requests whose answer never came. Whatever the broker did, each row is sent once, and a batch is seen as a whole."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import NamedTuple

import asyncpg
import pytest

from backbone.log import relay, transactions
from cli.stack.kafka import Kafka
from cli.stack.topics import make_topics
from tests.support import loopback
from tests.support.batches import problems, seen
from tests.support.loopback import LateEndTxn, LostAnswers, between
from tests.support.readers import read_all, read_until
from tests.support.relaying import emptied, relay_for, running

BATCH = 9
ANSWERS = 12
"""To the requests of one such transaction, about."""
FROZEN_MS = 2_000
ENDING_SECONDS = 12
ADD = """INSERT INTO outbox (shard, topic, key, value, headers, recorded_at)
         SELECT 0, $1, 'key-' || n % 7, convert_to(rpad(n || ' ', 200, 'x'), 'UTF8'), '{}', now()
         FROM generate_series(1, $2::int) n"""


class Size(NamedTuple):
    """How many transactions, and in how many something goes wrong: each nth."""

    transactions: int
    nth: int


SHORT = Size(60, 6)
LONG = Size(1_000, 20)
sizes = pytest.mark.parametrize(
    "size", [pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.long)]
)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch goes out in several requests to each partition."""
    monkeypatch.setattr(relay, "AT_ONCE", BATCH)
    monkeypatch.setattr(relay, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(transactions, "MAX_BATCH_BYTES", 300)


@pytest.fixture
async def outbox(kafka, databases, unique) -> AsyncIterator[tuple[str, str, asyncpg.Connection]]:
    topic, url = f"{unique}.events", await databases.new("relay")
    await make_topics(kafka.brokers, {topic: (3, {})})
    connection = await asyncpg.connect(url)
    yield topic, url, connection
    await connection.close()


@asynccontextmanager
async def sending(kafka: str, outbox: tuple[str, str, asyncpg.Connection], size: Size) -> AsyncIterator[None]:
    """Everything is sent when the block is over."""
    topic, url, connection = outbox
    await connection.execute(ADD, topic, size.transactions * BATCH)
    async with running(relay_for(topic, url, kafka)):
        yield
        await emptied(connection, seconds=600)


@contextmanager
def frozen(kafka: Kafka) -> Iterator[None]:
    assert kafka._process is not None
    os.kill(kafka._process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(kafka._process.pid, signal.SIGCONT)


async def wrong(kafka, topic: str, size: Size) -> list[str]:
    rows = size.transactions * BATCH
    await read_until(kafka.bootstrap, topic, rows)
    return problems(seen(await read_all(kafka.bootstrap, topic)), rows, BATCH)


@sizes
async def test_an_end_of_a_transaction_that_comes_late_ends_no_other_one(kafka, outbox, size):
    late = LateEndTxn(size.nth)
    async with between(kafka.port, late) as bootstrap, sending(bootstrap, outbox, size):
        pass
    assert len(late.errors) >= size.transactions // size.nth
    assert await wrong(kafka, outbox[0], size) == []


@sizes
async def test_answers_that_are_lost_lose_and_double_nothing(kafka, outbox, size):
    requests = ("PRODUCE", "ADD_PARTITIONS", "ADD_OFFSETS", "END_TXN", "TXN_OFFSET_COMMIT")
    lost = LostAnswers([getattr(loopback, name) for name in requests], ANSWERS * size.nth + 1)
    async with between(kafka.port, lost) as bootstrap, sending(bootstrap, outbox, size):
        pass
    assert lost.lost >= size.transactions // size.nth // 2
    assert await wrong(kafka, outbox[0], size) == []


@sizes
async def test_a_broker_that_freezes_beyond_the_time_limit(kafka, outbox, size, monkeypatch):
    monkeypatch.setattr(transactions, "TIMEOUT_MS", FROZEN_MS // 2)
    rows, times = size.transactions * BATCH, max(3, size.transactions // 100)
    async with sending(kafka.bootstrap, outbox, size):
        for time in range(1, times):
            await emptied(outbox[2], but=rows - rows * time // times)
            with frozen(kafka):
                await asyncio.sleep(FROZEN_MS / 1000)
    assert await wrong(kafka, outbox[0], size) == []


async def test_a_relay_ends_in_seconds_while_its_broker_is_frozen(kafka, outbox):
    topic, url, connection = outbox
    await connection.execute(ADD, topic, 20 * BATCH)
    async with running(relay_for(topic, url, kafka.bootstrap)) as task:
        await emptied(connection, but=10 * BATCH)
        with frozen(kafka):
            task.cancel()
            await asyncio.wait([task], timeout=ENDING_SECONDS)
            assert task.done()
