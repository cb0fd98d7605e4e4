"""The worklist on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from backbone.engine.generic import kinds_of
from backbone.store.postgres import PostgresStore, open_pool
from services.worklist.service import SERVICE
from tests.support.databases import Databases
from tests.support.desk import Desk


@pytest.fixture
async def database(databases: Databases) -> str:
    assert SERVICE.migrations is not None
    return await databases.new("worklist", folders=[SERVICE.migrations])


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    pool = await open_pool(database)
    yield Desk("2027-01-11 10:00", PostgresStore(pool, kinds_of(SERVICE)))
    await pool.close()
