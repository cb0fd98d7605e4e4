"""What passes is waited out, and what is ours is not taken for it: on a real server that goes and comes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from backbone.engine.generic import kinds_of
from backbone.errors import Retryable
from backbone.log.piecemeal import PATIENCE
from backbone.log.records import Record, Run
from backbone.store.postgres import PostgresStore, open_pool
from cli.stack.postgres import Postgres
from tests.support.databases import Databases
from tests.support.effects_suite import sample_system
from tests.support.memory_system import MemorySystem
from tests.support.parking_suite import TOPIC, made, parked, sample
from tests.support.runtime_suite import OTHER, PATIENT, public
from tests.support.sample import SAMPLE, SAMPLE_SQL

IDLE_LIMIT_MS = 200
ATTEMPTS = 5 * PATIENCE


@pytest.fixture
def server(playground: Path, unique: str) -> Iterator[Postgres]:
    """A server of this test alone."""
    server = Postgres(playground / unique)
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def mortal(server: Postgres) -> AsyncIterator[MemorySystem]:
    """The sample service on a server that the test may take away."""
    async with opened(await Databases(server).new("sample", SAMPLE_SQL)) as system:
        yield system


@pytest.fixture
async def system(sample_database: str) -> AsyncIterator[MemorySystem]:
    async with opened(sample_database) as system:
        yield system


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[MemorySystem]:
    pool = await open_pool(url, idle_limit_ms=IDLE_LIMIT_MS)
    system = sample_system(PostgresStore(pool, kinds_of(SAMPLE)))
    system.workers["sample"].engine.stated["dawdles_seconds"] = 2.5 * IDLE_LIMIT_MS / 1000
    yield system
    pool.terminate()


async def handled(system: MemorySystem, records: list[Record], partition: int = 1) -> int:
    """As a lane does it: again and again. How often it was begun."""
    consumer = sample(system).consumer
    run = Run(TOPIC, partition, 0, [each._replace(offset=n) for n, each in enumerate(records)])
    for begun in range(1, 1_000):
        try:
            await consumer.position(TOPIC, partition, 0, 10**9)
            assert await consumer.handle(run) == len(records)
        except Retryable:
            await asyncio.sleep(0.01)
            continue
        return begun
    raise AssertionError("never handled")


@pytest.mark.parametrize("end", ["fast", "kill"])
async def test_a_database_that_is_away_for_long_parks_nothing(mortal, server, end):
    consumer = sample(mortal).consumer
    records = [made(mortal, "open"), made(mortal, "add"), made(mortal, "open", patient=OTHER)]
    await consumer.position(TOPIC, 1, 0, 10**9)
    server.kill() if end == "kill" else server.stop(end)
    run = Run(TOPIC, 1, 0, [each._replace(offset=n) for n, each in enumerate(records)])
    for _ in range(ATTEMPTS):
        with pytest.raises(Retryable):
            await consumer.handle(run)
    server.start()
    await handled(mortal, records)
    await mortal.settle()
    assert await parked(mortal) == []
    assert public(mortal) == ["box_opened", "box_filled", "box_opened"]


async def test_connections_that_died_unseen_park_nothing(mortal, server):
    pool = sample(mortal).store.pool
    for connection in [await pool.acquire() for _ in range(pool.get_max_size())]:
        await pool.release(connection)
    other = await asyncpg.connect(server.url())
    await other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'sample%'")
    await other.close()
    await handled(mortal, [made(mortal, "open"), made(mortal, "add")])
    assert await parked(mortal) == []


async def test_a_record_that_always_takes_too_long_is_parked_alone(system):
    records = [
        made(system, "open"),
        made(system, "open", patient=OTHER),
        made(system, "dawdle"),
        made(system, "add"),
        made(system, "add", patient=OTHER),
    ]
    assert await handled(system, records) == PATIENCE
    await system.settle()
    assert await parked(system) == [(PATIENT, "programming_error"), (PATIENT, "behind")]
    assert public(system).count("box_opened") == 2
    assert public(system).count("box_filled") == 1


async def test_others_are_not_to_blame_for_one_that_takes_too_long(system):
    """While it computes, the transactions of all lanes idle and are ended."""
    slow = [made(system, "open"), made(system, "dawdle")]
    innocent = [made(system, "open", patient=OTHER), made(system, "add", patient=OTHER)]
    await asyncio.gather(handled(system, slow, 1), handled(system, innocent, 2))
    await system.settle()
    assert await parked(system) == [(PATIENT, "programming_error")]


async def test_one_that_took_too_long_once_is_handled(system):
    rules = sample(system).engine.stated
    consumer, records = sample(system).consumer, [made(system, "open"), made(system, "dawdle")]
    await consumer.position(TOPIC, 1, 0, 10**9)
    with pytest.raises(Retryable):
        await consumer.handle(Run(TOPIC, 1, 0, [each._replace(offset=n) for n, each in enumerate(records)]))
    rules["dawdles_seconds"] = 0
    assert await handled(system, records) == 1
    assert await parked(system) == []
