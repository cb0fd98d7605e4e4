"""Transactions that cross: of several lanes, and of things that belong to none. Nobody waits in a circle."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import asyncpg
import pytest

from backbone.engine.generic import kinds_of
from backbone.ids import ROOT, derive, partition_of
from backbone.log.records import Record, Run
from backbone.model import SYSTEM, Cause, together
from backbone.store.locks import Locks, OutOfOrder
from backbone.store.postgres import PostgresStore, open_pool
from backbone.store.rows import Answer, Writes
from backbone.store.transact import transact
from tests.support.counters import COUNTERS, COUNTERS_SQL, Delivery, sends
from tests.support.databases import Databases
from tests.support.memory_system import PARTITIONS, MemorySystem

START = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
TOPIC = "counters.intake"
DICE = random.Random(7)


class Tally:
    """Counts deadlocks."""

    def __init__(self) -> None:
        self.count = 0

    def inc(self) -> None:
        self.count += 1


@pytest.fixture
def deadlocks() -> Tally:
    return Tally()


@pytest.fixture
async def database(databases: Databases) -> str:
    """Deadlocks are noticed at once."""
    url = await databases.new("counters", COUNTERS_SQL)
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'")
    await connection.close()
    return url


@pytest.fixture
async def store(database: str, deadlocks: Tally) -> AsyncIterator[PostgresStore]:
    pool = await open_pool(database)
    yield PostgresStore(pool, kinds_of(COUNTERS), deadlocked=deadlocks.inc)
    await pool.close()


@pytest.fixture
def system(store: PostgresStore) -> MemorySystem:
    return MemorySystem(START, {COUNTERS: {}}, {"counters": store})


@pytest.fixture
async def watcher(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


def patient(lane: int, number: int = 0) -> str:
    """A patient of this lane."""
    names = (derive(ROOT, f"patient {number} {n}") for n in count())
    return next(name for name in names if partition_of(name, PARTITIONS) == lane)


def delivery(lane: int, number: int = 0, places: Sequence[tuple[str, str]] = ()) -> Delivery:
    owner = patient(lane, number)
    return Delivery(patient=owner, counter=derive(owner, "counter"), places=tuple(places))  # type: ignore[arg-type]


def run_of(partition: int, position: int, *deliveries: Delivery) -> Run:
    values = [each.model_dump_json().encode() for each in deliveries]
    records = [Record(position + n, b"a sender", value, [], 0) for n, value in enumerate(values)]
    return Run(TOPIC, partition, position, records)


async def counted(watcher: asyncpg.Connection) -> int:
    return sum(
        [
            await watcher.fetchval(f"SELECT coalesce(sum((body->>'number')::int), 0) FROM {kind}")
            for kind in ("counter", "shelf", "crate")
        ]
    )


async def all_wait(watcher: asyncpg.Connection, number: int) -> None:
    """Until so many backends wait for a lock."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    async with asyncio.timeout(10):
        while await watcher.fetchval(query) < number:
            await asyncio.sleep(0.01)


async def test_two_runs_that_need_each_others_lanes_are_both_handled(
    system: MemorySystem, watcher: asyncpg.Connection, deadlocks: Tally
) -> None:
    """Each holds the lane of its partition before it learns which other one it needs."""
    consumer = system.workers["counters"].consumer
    for partition in (1, 3):
        await consumer.position(TOPIC, partition, 0, 10**9)
    async with watcher.transaction():
        await watcher.execute("SELECT FROM consumer_offset FOR UPDATE")
        runs = [
            asyncio.create_task(consumer.handle(run_of(partition, 0, delivery(lane))))
            for partition, lane in ((1, 3), (3, 1))
        ]
        await all_wait(watcher, 2)
    assert await asyncio.gather(*runs) == [1, 1]
    assert await counted(watcher) == 2
    assert deadlocks.count == 0


def crossing() -> Delivery:
    """Anybody's, with shelves and crates in any order."""
    names = [(kind, derive(ROOT, f"{kind} {n}")) for kind in ("shelf", "crate") for n in range(3)]
    return delivery(DICE.randrange(PARTITIONS), DICE.randrange(3), DICE.sample(names, 4))


async def order(system: MemorySystem, *deliveries: Delivery) -> int:
    """As a request that concerns several patients. How many things it counts; a thing counts once in a request."""
    runtime = system.workers["counters"].runtime
    identity = derive(ROOT, f"request {DICE.random()}")
    cause = Cause(identity, START, SYSTEM, identity, lane_key=deliveries[0].patient)
    orders = [together(*sends(each)) for each in deliveries]
    await runtime.order(cause, orders, lambda outcome: Answer(200, b"{}"))
    return len({send.to for each in orders for send in each.sends})


async def test_many_crossing_transactions_meet_no_deadlock(
    system: MemorySystem, watcher: asyncpg.Connection, deadlocks: Tally
) -> None:
    consumer = system.workers["counters"].consumer
    made = 0
    for lane in range(PARTITIONS):
        await consumer.position(TOPIC, lane, 0, 10**9)
        for number in range(3):
            made += await order(system, delivery(lane, number))

    async def keep_consuming(lane: int) -> int:
        for position in range(0, 60, 2):
            await consumer.handle(run_of(lane, position, crossing(), crossing()))
        return 60 * 5

    async def keep_ordering() -> int:
        return sum([await order(system, crossing(), crossing()) for _ in range(30)])

    crowd = [*(keep_consuming(lane) for lane in range(PARTITIONS)), keep_ordering(), keep_ordering()]
    made += sum(await asyncio.gather(*crowd))
    assert deadlocks.count == 0
    assert await counted(watcher) == made


async def test_after_a_deadlock_the_work_is_done_again_and_it_is_counted(
    store: PostgresStore, watcher: asyncpg.Connection, deadlocks: Tally
) -> None:
    """With somebody who keeps to no order."""
    attempts = 0

    async def work(tx: Any) -> int:
        nonlocal attempts
        attempts += 1
        await tx.lock_lanes([1])
        await tx.connection.execute("SELECT pg_advisory_xact_lock(99)")
        return attempts

    await watcher.execute("SET deadlock_timeout = '10s'")
    async with watcher.transaction():
        await watcher.execute("SELECT pg_advisory_xact_lock(99)")
        ours = asyncio.create_task(transact(store, work))
        async with asyncio.timeout(10):
            while not await watcher.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                await asyncio.sleep(0)
            await watcher.execute("SELECT pg_advisory_xact_lock(1)")
    assert await ours == 2
    assert deadlocks.count == 1


async def test_what_comes_before_is_never_waited_for(system: MemorySystem, store: PostgresStore) -> None:
    low, high = sorted(derive(ROOT, f"shelf {n}") for n in range(2))
    await order(system, delivery(0, 0, [("shelf", low), ("shelf", high)]))
    async with store.transaction() as first, store.transaction() as second:
        await first.lock_rows("shelf", [high])
        await second.lock_lanes([5])
        await second.lock_rows("shelf", [low])
        with pytest.raises(OutOfOrder) as lanes:
            await first.lock_lanes([5])
        with pytest.raises(OutOfOrder) as rows:
            await first.lock_rows("shelf", [low])
    assert lanes.value.locks == Locks(lanes=frozenset([5]), rows=frozenset([("shelf", high)]))
    assert rows.value.locks == Locks(rows=frozenset([("shelf", high), ("shelf", low)]))


async def test_who_has_written_waits_for_nobody(store: PostgresStore) -> None:
    async with store.transaction() as first, store.transaction() as second:
        await second.lock_lanes([5])
        await first.lock_lanes([1])
        await first.write(Writes())
        with pytest.raises(OutOfOrder):
            await first.lock_lanes([5])


async def test_what_was_locked_inside_a_savepoint_is_free_again_when_that_is_undone(
    store: PostgresStore,
) -> None:
    async with store.transaction() as first, store.transaction() as second:
        with pytest.raises(ZeroDivisionError):
            async with first.savepoint():
                await first.lock_lanes([5])
                raise ZeroDivisionError
        assert await second.lock_lanes([5])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await first.lock_lanes([5])
