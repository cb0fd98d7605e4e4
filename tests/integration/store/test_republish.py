"""A service tells once more what it told, from its database alone; and whether others have handled it."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import asyncpg
import msgspec
import pytest

from backbone.engine.generic import kinds_of
from backbone.ids import random_id
from backbone.log.republish import republish
from backbone.store.postgres import PostgresStore, open_pool
from cli.across import across
from services.referral.service import SERVICE as REFERRAL
from services.worklist.service import SERVICE as WORKLIST
from tests.support.databases import Databases
from tests.support.effects_suite import sample_system
from tests.support.memory_system import MemorySystem
from tests.support.runtime_suite import BOX_2, OTHER, START, happened, queue, topic
from tests.support.sample import SAMPLE

FACT = "referral.received.v1"


@pytest.fixture
async def system(sample_database: str) -> AsyncIterator[MemorySystem]:
    """Two boxes were opened, one was filled; all of it was told."""
    pool = await open_pool(Databases.as_who_runs(sample_database))
    system = sample_system(PostgresStore(pool, kinds_of(SAMPLE)))
    happened(system, "open")
    happened(system, "add")
    await system.settle()
    system.clock.move(START + timedelta(days=40))
    happened(system, "open", BOX_2, OTHER)
    await system.settle()
    yield system
    await pool.close()


def lost(system: MemorySystem) -> None:
    for (name, _), messages in system.log.items():
        if name.startswith("sample."):
            messages.clear()


def told(system: MemorySystem) -> list[tuple]:
    return [
        (message.key, message.value, tuple(message.headers.items()))
        for messages in topic(system, "sample.events")
        for message in messages
    ]


async def once_more(system: MemorySystem, days: int) -> tuple[int, int]:
    worker, now = system.workers["sample"], system.clock.now()
    async with worker.store.connection() as connection:
        return await republish(connection, worker.engine, now - timedelta(days=days), now)


async def test_a_kafka_that_lost_everything_gets_the_same_facts_and_values_in_the_same_order(system):
    before, values = told(system), queue(system)
    assert len(before) == 3 and len(values) == 2
    lost(system)
    assert await once_more(system, days=100) == (3, 2)
    await system.settle()
    assert (told(system), queue(system)) == (before, values)


async def test_it_goes_as_far_back_as_is_said(system):
    lost(system)
    assert await once_more(system, days=30) == (1, 2)


async def test_what_was_not_sent_yet_goes_once_and_behind_what_was_told_before(system):
    happened(system, "add")
    worker = system.workers["sample"]
    await system._consume(worker, next(place for place in system.log if place[0] == "outside.events"))
    lost(system)
    await once_more(system, days=100)
    rows = await worker.tables.rows("outbox")
    ids = [
        msgspec.json.decode(row["headers"]).get("ce_id") for row in rows if row["topic"] == "sample.events"
    ]
    assert len(ids) == len(set(ids)) >= 3


@pytest.fixture
async def two(databases: Databases) -> AsyncIterator[tuple[Mapping, Mapping]]:
    """URLs of empty databases, and connections to them."""
    urls = {each.name: await databases.new(each.name, folders=each.sql) for each in (REFERRAL, WORKLIST)}
    made = {name: await asyncpg.connect(url) for name, url in urls.items()}
    yield urls, made
    for base in made.values():
        await base.close()


async def test_what_one_told_and_another_never_handled_is_named(two):
    urls, bases = two
    facts = [random_id() for _ in range(4)]
    for identity in facts:
        await bases["referral"].execute(
            """INSERT INTO journal VALUES ('referral', $1, 1, 1, $1, $2, $1, $1, $3, $3, $1, $1, 'system', NULL, NULL,
                                           NULL, NULL, '{}')""",
            identity,
            FACT,
            START,
        )
    handled, unsent, waiting, gone = facts
    await bases["worklist"].execute("INSERT INTO inbox VALUES ($1, $2)", handled, START)
    await bases["referral"].execute(
        "INSERT INTO outbox (topic, key, headers, recorded_at) VALUES ('referral.events', 'k', $1, $2)",
        msgspec.json.encode({"ce_id": unsent}),
        START,
    )
    await bases["worklist"].execute(
        """INSERT INTO parked (key, record_id, topic, partition, record_offset, headers, sent_ms, reason, error,
                               parked_at)
           VALUES ('k', $1, 'referral.events', 0, 0, $2, 0, 'unparsable', '', $3)""",
        random_id(),
        msgspec.json.encode([("ce_id", waiting.encode())]),
        START,
    )
    found = await across([REFERRAL, WORKLIST], urls, START, patience=0)
    [ours] = [each for each in found if (each.teller, each.reader) == ("referral", "worklist")]
    assert (ours.told, ours.waiting, list(ours.missing)) == (4, 2, [f"{gone} {FACT}"])
    assert list(ours.lines()) == [
        "referral → worklist: 4 told, 1 handled, 2 wait, 1 never arrived",
        f"  {gone} {FACT}",
    ]
