"""The runtime's suite on PostgreSQL, as the role that runs a service: the twin in memory passes the same."""

from collections.abc import AsyncIterator

import pytest

from backbone.engine.generic import kinds_of
from backbone.store.postgres import PostgresStore, open_pool
from tests.support.births_suite import *  # noqa: F403
from tests.support.databases import Databases
from tests.support.effects_suite import *  # noqa: F403
from tests.support.effects_suite import sample_system
from tests.support.memory_system import MemorySystem
from tests.support.parking_suite import *  # noqa: F403
from tests.support.positions_suite import *  # noqa: F403
from tests.support.runtime_suite import *  # noqa: F403
from tests.support.sample import SAMPLE


@pytest.fixture
async def system(sample_database: str) -> AsyncIterator[MemorySystem]:
    pool = await open_pool(Databases.as_who_runs(sample_database))
    yield sample_system(PostgresStore(pool, kinds_of(SAMPLE)))
    await pool.close()
