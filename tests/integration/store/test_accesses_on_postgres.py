"""The record of reads on PostgreSQL, as the role that runs a service: the twin in memory passes the same."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from backbone.engine.generic import kinds_of
from backbone.store.accesses import PostgresAccesses
from backbone.store.postgres import PostgresStore, open_pool
from tests.support.accesses_suite import *  # noqa: F403
from tests.support.accesses_suite import DAY, NOON, an_access, intact
from tests.support.databases import Databases
from tests.support.sample import SAMPLE


@pytest.fixture
async def store(sample_database: str) -> AsyncIterator[PostgresStore]:
    pool = await open_pool(Databases.as_who_runs(sample_database))
    yield PostgresStore(pool, kinds_of(SAMPLE))
    await pool.close()


async def test_what_is_asked_meanwhile_is_one_link(store: PostgresStore) -> None:
    await asyncio.gather(*(store.accesses.record(an_access(n)) for n in range(250)))
    rows = await store.accesses.on(DAY)
    assert len(rows) == 250 and len({row.head for row in rows}) == 3
    assert await intact(store) is None


async def test_processes_take_turns_at_the_chain(store: PostgresStore) -> None:
    stores = [store, *(PostgresStore(store.pool, kinds_of(SAMPLE)) for _ in range(2))]
    await asyncio.gather(*(stores[n % 3].accesses.record(an_access(n)) for n in range(60)))
    assert len(await store.accesses.on(DAY)) == 60 and await intact(store) is None


async def test_each_day_of_a_night_has_its_own_chain(store: PostgresStore) -> None:
    night = [NOON + timedelta(hours=12, seconds=n) for n in (-1, 1, -1, 1)]
    await asyncio.gather(*(store.accesses.record(an_access(n, at)) for n, at in enumerate(night)))
    assert await store.accesses.days() == [DAY, DAY + timedelta(days=1)]
    assert [await intact(store, day) for day in await store.accesses.days()] == [None, None]


async def test_who_goes_away_takes_no_record_along(store: PostgresStore) -> None:
    asking = [asyncio.create_task(store.accesses.record(an_access(n))) for n in range(3)]
    await asyncio.sleep(0)
    asking[0].cancel()
    assert isinstance((await asyncio.gather(*asking, return_exceptions=True))[0], asyncio.CancelledError)
    assert len(await store.accesses.on(DAY)) == 3 and await intact(store) is None


async def test_what_could_not_be_recorded_is_told_everybody_who_asked() -> None:
    @asynccontextmanager
    async def nowhere() -> AsyncIterator[Any]:
        raise ConnectionError("gone")
        yield

    accesses = PostgresAccesses(nowhere)
    for _ in range(2):
        told = await asyncio.gather(
            *(accesses.record(an_access(n)) for n in range(3)), return_exceptions=True
        )
        assert [type(each) for each in told] == [ConnectionError] * 3


COLUMNS = """at, actor_kind, actor_id, roles, purpose, stated, kind, resource, lane_keys, refused, glass_id,
             correlation_id"""
TAMPERING = {
    "changed": (
        "UPDATE access_record SET actor_id = 'somebody else' WHERE number = 4",
        4,
    ),
    "changed, with the digest of another": (
        """UPDATE access_record SET (actor_id, correlation_id, digest) =
           (SELECT actor_id, correlation_id, digest FROM access_record WHERE number = 2) WHERE number = 4""",
        4,
    ),
    "deleted": ("DELETE FROM access_record WHERE number = 4", 4),
    "the last deleted": ("DELETE FROM access_record WHERE number = 9", 7),
    "deleted, and the others moved up": (
        """WITH gone AS (DELETE FROM access_record WHERE number = 4)
           UPDATE access_record SET number = number - 10 WHERE number > 4;
           UPDATE access_record SET number = number + 9 WHERE number < 0""",
        4,
    ),
    "inserted at the end": (
        f"""INSERT INTO access_record (day, number, head, digest, {COLUMNS})
            SELECT day, 10, head, digest, {COLUMNS} FROM access_record WHERE number = 9""",
        7,
    ),
    "two in each other's place": (
        """UPDATE access_record SET number = -number WHERE number IN (4, 5);
           UPDATE access_record SET number = 9 + number WHERE number < 0""",
        4,
    ),
    "all deleted": ("DELETE FROM access_record", 1),
}
"""Three links of three rows each: what somebody does who may do everything, and where it is noticed."""


@pytest.mark.parametrize(("statement", "place"), TAMPERING.values(), ids=TAMPERING)
async def test_what_a_superuser_does_to_a_row_is_noticed(
    store: PostgresStore, sample_database: str, statement: str, place: int
) -> None:
    for first in (1, 4, 7):
        await asyncio.gather(*(store.accesses.record(an_access(first + n)) for n in range(3)))
    assert await intact(store) is None
    superuser = await asyncpg.connect(sample_database)
    await superuser.execute(statement)
    await superuser.close()
    assert await intact(store) == place
