"""A database that was restored from before it told what Kafka has: no number stands for two facts."""

from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest

from backbone.engine.generic import kinds_of
from backbone.engine.runtime import Runtime
from backbone.engine.verify import differences
from backbone.log.effects import AT_ONCE
from backbone.model import one
from backbone.store.postgres import PostgresStore, open_pool
from backbone.store.told_before import Told, keep, taken, told_twice, unknown
from cli.reconciling import told_in
from tests.support.databases import Databases
from tests.support.effects_suite import sample_system
from tests.support.memory_system import MemorySystem
from tests.support.runtime_suite import BOX_1, BOX_2, OTHER, PATIENT, happened, topic
from tests.support.sample import BOX, SAMPLE, SAMPLE_SQL, KeepNote


async def system_on(database: str) -> MemorySystem:
    pool = await open_pool(Databases.as_who_runs(database))
    return sample_system(PostgresStore(pool, kinds_of(SAMPLE)))


@pytest.fixture
async def before(sample_database: str) -> AsyncIterator[MemorySystem]:
    """What was lost: a first box filled three times, and a second one made."""
    system = await system_on(sample_database)
    for what in ("open", "add", "add", "add"):
        happened(system, what)
    happened(system, "open", BOX_2, OTHER)
    happened(system, "add", BOX_2, OTHER)
    await system.settle()
    yield system
    await system.workers["sample"].store.pool.close()


@pytest.fixture
async def after(databases: Databases) -> AsyncIterator[MemorySystem]:
    """What the backup had of it: the first box, filled once; then other things happened than before."""
    system = await system_on(await databases.new("sample", SAMPLE_SQL))
    happened(system, "open")
    happened(system, "add")
    await system.settle()
    yield system
    await system.workers["sample"].store.pool.close()


def told(system: MemorySystem) -> list[Told]:
    class Record:
        def __init__(self, headers: dict[str, str]) -> None:
            self.headers = [(name, value.encode()) for name, value in headers.items()]

    found = [
        told_in(Record(each.headers)) for messages in topic(system, "sample.events") for each in messages
    ]
    assert all(found)
    return found  # type: ignore[return-value]


async def reconciled(before: MemorySystem, after: MemorySystem) -> Any:
    """As `huddle reconcile` does, and a process that begins with it."""
    worker = after.workers["sample"]
    async with worker.store.connection() as connection:
        await keep(connection, kinds_of(SAMPLE), told(before), {0: 12})
        worker.engine.taken = await taken(connection)
        assert await connection.fetchval("SELECT batch FROM relay_batch") == 12
        return await unknown(connection)


async def test_what_only_kafka_knows_is_named_and_its_numbers_are_not_given_again(before, after):
    lost = await reconciled(before, after)
    assert {fact.fact_id for fact in lost} == {fact.fact_id for fact in told(before)}
    happened(after, "add")
    happened(after, "open", BOX_2, OTHER)
    happened(after, "add", BOX_2, OTHER)
    await after.settle()
    numbers: dict[tuple[str, int], set[str]] = defaultdict(set)
    new = [fact for fact in told(after) if fact.sequence > 2]
    for fact in (*told(before), *new):
        numbers[fact.aggregate_id, fact.sequence].add(fact.fact_id)
    assert {(fact.aggregate_id, fact.type) for fact in new} >= {
        (BOX_1, "sample.box_filled.v1"),
        (BOX_2, "sample.box_opened.v1"),
        (BOX_2, "sample.box_filled.v1"),
    }
    assert all(len(facts) == 1 for facts in numbers.values())
    async with after.workers["sample"].store.connection() as connection:
        assert await told_twice(connection) == 2, "those of before: nobody had stopped them"
    worker = after.workers["sample"]
    found = [each async for each in differences(Runtime(worker.engine, worker.store, after.clock))]
    assert found[-1]["different"] == 0


async def test_what_comes_again_from_the_same_cause_is_known_again(before, after):
    [opened, *_] = [fact for fact in told(before) if fact.aggregate_id == BOX_2]
    await reconciled(before, after)
    for message in [m for messages in topic(before, "outside.events") for m in messages]:
        after.produce("outside.events", message.key, message.value, message.headers)
    await after.settle()
    async with after.workers["sample"].store.connection() as connection:
        assert opened.fact_id not in {fact.fact_id for fact in await unknown(connection)}


async def test_what_may_have_been_called_is_called_as_a_repetition(before, after):
    await reconciled(before, after)
    worker = after.workers["sample"]
    await after.order("sample", BOX.send(KeepNote("hello"), to=one(BOX_1)), about=PATIENT)
    [kind] = worker.effects.kinds
    [effect] = await worker.effects.claim(kind, AT_ONCE)
    assert effect.attempt == 2
