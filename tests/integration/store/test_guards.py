"""What keeps two writers apart on PostgreSQL: the lock of a lane, and the version that a writer saw."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from backbone.engine.generic import kinds_of
from backbone.errors import Conflict
from backbone.ids import random_id
from backbone.store.postgres import PostgresStore, open_pool
from backbone.store.rows import StateRow, Writes
from tests.support.deciding import START
from tests.support.sample import SAMPLE


@pytest.fixture
async def store(sample_database: str) -> AsyncIterator[PostgresStore]:
    pool = await open_pool(sample_database)
    yield PostgresStore(pool, kinds_of(SAMPLE))
    await pool.close()


def box(identity: str, version: int, loaded: int) -> StateRow:
    body = b'{"status":"closed","group":"g","number":1,"count":0}'
    return StateRow(identity, None, None, version, version, "closed", body, START, ("g", "false"), loaded)


async def test_a_lane_is_for_one_transaction_at_a_time(store: PostgresStore) -> None:
    async with store.transaction() as first:
        await first.lock_lanes([3])
        async with store.transaction() as other:
            await other.lock_lanes([4])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), store.transaction() as second:
                await second.lock_lanes([3])


async def test_a_state_that_somebody_else_changed_is_not_overwritten(store: PostgresStore) -> None:
    identity = random_id()
    async with store.transaction() as tx:
        await tx.write(Writes(births={"box": [box(identity, 1, 0)]}))
    async with store.transaction() as tx:
        await tx.write(Writes(updates={"box": [box(identity, 2, 1)]}))
    with pytest.raises(Conflict):
        async with store.transaction() as tx:
            await tx.write(Writes(updates={"box": [box(identity, 2, 1)]}))


async def test_a_state_that_somebody_else_made_is_not_made_again(store: PostgresStore) -> None:
    identity = random_id()
    async with store.transaction() as tx:
        await tx.write(Writes(births={"box": [box(identity, 1, 0)]}))
    with pytest.raises(Conflict):
        async with store.transaction() as tx:
            await tx.write(Writes(births={"box": [box(identity, 1, 0)]}))
