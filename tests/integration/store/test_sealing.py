"""What is kept of somebody is sealed with their key: no copy of a database tells it, and without the key nobody can."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from backbone.clock import WallClock
from backbone.engine.generic import kinds_of
from backbone.errors import Retryable, UnusableSettings
from backbone.ids import random_id
from backbone.masters import MasterKeysTold
from backbone.model import Actor, one
from backbone.store.keys import PostgresKeys, keys_at, make_table
from backbone.store.postgres import PostgresStore, open_pool
from backbone.store.resealing import seal_what_is_readable
from backbone.store.rows import Answer, Once
from backbone.store.sealing import Kept, Sealed, Text, content_place
from cli import keeping
from services.referral.service import SERVICE as REFERRAL
from tests.support.databases import RUNS, Databases
from tests.support.effects_suite import sample_system
from tests.support.keys import MASTER, dumped, keys_in
from tests.support.memory_system import MemorySystem
from tests.support.runtime_suite import BOX_1, BOX_2, OTHER, PATIENT, happened, topic
from tests.support.sample import BOX, SAMPLE, KeepNote, OpenBox

ERASED = """
INSERT INTO journal (aggregate_kind, aggregate_id, version, fact_id, type, lane_key, occurred_at, recorded_at,
                     correlation_id, causation_id, actor_kind, data)
VALUES ('patient', $2, 1, $1, 'referral.patient_erased.v1', $2, $3, $3, $1, $1, 'user', '')
"""
ONCE = Once("of a request", "somebody", "hash")
SOON = timedelta(days=1)


@pytest.fixture
async def keys(databases: Databases) -> AsyncIterator[PostgresKeys]:
    async with keys_in(databases) as keys:
        yield keys


@pytest.fixture
async def system(sample_database: str, keys: PostgresKeys) -> AsyncIterator[MemorySystem]:
    """Of each of two, a note, a record that can't be handled and an answer."""
    pool = await open_pool(Databases.as_who_runs(sample_database))
    system = sample_system(PostgresStore(pool, kinds_of(SAMPLE), seals=Sealed(keys)))
    await planted(system, PATIENT, BOX_1)
    await planted(system, OTHER, BOX_2)
    yield system
    await pool.close()


async def planted(system: MemorySystem, patient: str, box: str) -> None:
    """A note, a record that can't be handled, and an answer."""
    await system.order("sample", BOX.send(OpenBox("g"), to=one(box)), about=patient)
    await system.order("sample", BOX.send(KeepNote(f"note {patient[:4]}"), to=one(box)), about=patient)
    happened(system, "open", box=box, patient=patient)
    [first] = [message for messages in topic(system, "outside.events") for message in messages][-1:]
    broken = f'{{"record of {patient}'.encode()
    system.produce("outside.events", patient, broken, first.headers | {"ce_id": random_id()})
    await system.settle()
    async with system.workers["sample"].store.transaction() as tx:
        answer = Answer(200, f'"answer to {patient}"'.encode())
        await tx.keep_answer(ONCE._replace(key=patient), answer, system.clock.now(), patient)


async def told(system: MemorySystem, patient: str) -> list[bytes | None]:
    """What the service still knows: note, record, answer."""
    worker = system.workers["sample"]
    async with worker.store.transaction() as tx:
        refs = await worker.store.pool.fetch("SELECT ref::text FROM content WHERE lane_key = $1", patient)
        notes = await tx.contents([row[0] for row in refs])
        [parked] = await tx.parked(patient, 10)
        answer = await tx.stored_answer(ONCE._replace(key=patient))
    return [*(notes.values() or [None]), parked.value, answer and answer.answer.body]


def all_of(patient: str) -> list[bytes]:
    return [
        f'"note {patient[:4]}"'.encode(),
        f'{{"record of {patient}'.encode(),
        f'"answer to {patient}"'.encode(),
    ]


async def test_a_copy_of_the_database_tells_nothing_and_the_service_everything(
    system, sample_database, tmp_path
):
    copy = await dumped(sample_database, tmp_path / "copy.sql")
    assert b"patient_parked" in copy and not any(
        word in copy for word in (b"note 1", b"record of", b"answer to")
    )
    assert [await told(system, each) for each in (PATIENT, OTHER)] == [all_of(PATIENT), all_of(OTHER)]


async def test_without_the_key_it_is_as_if_it_had_been_erased_and_nobody_else_is_harmed(system, keys):
    assert await keys.destroy([PATIENT], WallClock().now()) == 1
    assert await told(system, PATIENT) == [None, None, None]
    assert await told(system, OTHER) == all_of(OTHER)


async def test_what_waits_of_somebody_erased_is_skipped_by_name(system, keys):
    await keys.destroy([PATIENT], WallClock().now())
    parking, operator = system.workers["sample"].parking, Actor("user", random_id(), "operations")
    assert (await parking.retry(PATIENT, operator)).handled == 0
    await parking.skip(PATIENT, operator)
    assert [key.key for key in await parking.keys()] == [OTHER]


async def test_whoever_comes_again_has_another_key_and_the_old_one_stays_destroyed(keys):
    now, seals = WallClock().now(), Sealed(keys)
    [before] = await seals.sealed([Text("a/place", PATIENT, b"before")])
    await keys.destroy([PATIENT], now + SOON)
    [after] = await seals.sealed([Text("a/place", PATIENT, b"after")])
    assert (
        await keys.destroy([PATIENT], now) == 0
    )  # the erasure is done once more: it was of what was known then
    assert await opened(seals, "a/place", before, after) == [None, b"after"]


async def opened(seals: Sealed, place: str, *kept: bytes) -> list[bytes | None]:
    return await seals.opened([Kept(place, each) for each in kept])


async def test_what_was_moved_or_changed_is_noticed(keys):
    seals = Sealed(keys)
    [sealed] = await seals.sealed([Text(content_place("1"), PATIENT, b"hello")])
    with pytest.raises(InvalidTag):
        await opened(seals, content_place("2"), sealed)
    with pytest.raises(InvalidTag):
        await opened(seals, content_place("1"), sealed[:-1] + bytes([sealed[-1] ^ 1]))


async def test_a_master_key_is_replaced_and_the_old_one_is_not_needed_any_more(databases):
    second = "second:" + "B" * 43 + "="
    async with keys_in(databases) as keys:
        [sealed] = await Sealed(keys).sealed([Text("a/place", PATIENT, b"hello")])
        both = PostgresKeys(keys._pool, MasterKeysTold(f"{second},{MASTER}"))
        assert (await both.wrap_again(), await both.wrap_again()) == (1, 0)
        assert await opened(Sealed(PostgresKeys(keys._pool, MasterKeysTold(second))), "a/place", sealed) == [
            b"hello"
        ]
        with pytest.raises(UnusableSettings, match="lacks second"):
            await opened(Sealed(PostgresKeys(keys._pool, MasterKeysTold(MASTER))), "a/place", sealed)


async def test_a_service_without_keys_takes_nothing_for_erased(system, sample_database):
    pool = await open_pool(sample_database)
    store = PostgresStore(pool, kinds_of(SAMPLE))
    [ref] = await pool.fetchrow("SELECT ref::text FROM content LIMIT 1")
    async with store.transaction() as tx:
        with pytest.raises(UnusableSettings, match="HUDDLE_KEYS_URL"):
            await tx.contents([ref])
    await pool.close()


async def test_while_no_keys_are_to_be_had_everything_waits(keys):
    await keys._pool.close()
    with pytest.raises(Retryable, match="no keys"):
        await Sealed(keys).sealed([Text("a/place", PATIENT, b"hello")])


async def test_what_is_from_before_there_were_keys_is_sealed_afterwards(sample_database, keys, tmp_path):
    """Of each kind of row one; and it is read as before."""
    pool = await open_pool(sample_database)
    system = sample_system(PostgresStore(pool, kinds_of(SAMPLE)))
    await planted(system, PATIENT, BOX_1)
    assert b"note 1" in await dumped(sample_database, tmp_path / "before.sql")
    async with pool.acquire() as connection:
        assert await seal_what_is_readable(connection, Sealed(keys)) == 3
        assert await seal_what_is_readable(connection, Sealed(keys)) == 0
    copy = await dumped(sample_database, tmp_path / "after.sql")
    assert not any(word in copy for word in (b"note 1", b"record of", b"answer to"))
    system.workers["sample"].store.seals = Sealed(keys)
    assert await told(system, PATIENT) == all_of(PATIENT)
    await pool.close()


async def test_the_commands_make_the_table_for_who_runs_and_destroy_again_what_was_erased(databases):
    """The journal says who was erased; the table of keys may be older than that."""
    url, referral = await databases.new("no_keys"), await databases.new("referral", folders=REFERRAL.sql)
    with pytest.raises(UnusableSettings, match="huddle keys make"):
        async with keys_at(url, MasterKeysTold(MASTER)):
            pass
    await make_table(url, [RUNS])
    pool = await open_pool(referral)
    async with keys_at(Databases.as_who_runs(url), MasterKeysTold(MASTER)) as keys:
        await keys.of([PATIENT, OTHER])
        await pool.execute(ERASED, random_id(), PATIENT, WallClock().now())
        assert await keeping._destroy_again(keys_at(url, MasterKeysTold(MASTER)), referral) == 1
        assert await keeping._destroy_again(keys_at(url, MasterKeysTold(MASTER)), referral) == 0
        assert await keeping._rotate(keys_at(url, MasterKeysTold(MASTER))) == 0
    await pool.close()
