"""No more effects are claimed than there is room for, however PostgreSQL plans the statement."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from backbone.clock import WallClock
from backbone.engine.generic import kinds_of
from backbone.ids import ROOT, derive
from backbone.model import one
from backbone.store.postgres import PostgresStore, open_pool
from tests.support.effects_suite import LATER, PATIENT, SampleSystem, sample_system
from tests.support.sample import BOX, SAMPLE, KeepNote, OpenBox

PLANNER = ("enable_hashjoin", "enable_mergejoin", "enable_hashagg", "enable_material", "enable_sort")
EFFECTS, ROOM = 20, 3


@pytest.fixture
async def system(sample_database: str) -> AsyncIterator[SampleSystem]:
    """The planner is left with the join that looks at the free ones anew for every row."""
    connection = await asyncpg.connect(sample_database)
    for setting in PLANNER:
        await connection.execute(f"ALTER DATABASE {sample_database.rsplit('/', 1)[1]} SET {setting} = off")
    await connection.close()
    pool = await open_pool(sample_database)
    yield sample_system(PostgresStore(pool, kinds_of(SAMPLE)))
    await pool.close()


async def test_no_more_is_claimed_than_there_is_room_for(system: SampleSystem) -> None:
    for number in range(EFFECTS):
        box = derive(ROOT, f"box {number}")
        await system.order("sample", BOX.send(OpenBox("g"), to=one(box)), about=PATIENT)
        await system.order("sample", BOX.send(KeepNote("hello"), to=one(box)))
    store, now = system.workers["sample"].store, WallClock().now()
    claims = [len(await store.claim_effects("announcement", now, LATER, ROOM)) for _ in range(7)]
    assert claims == [3, 3, 3, 3, 3, 3, 2]
