"""The record of reads on PostgreSQL, as the role that runs a service: the twin in memory passes the same."""

from collections.abc import AsyncIterator

import pytest

from backbone.engine.generic import kinds_of
from backbone.store.postgres import PostgresStore, open_pool
from tests.support.accesses_suite import *  # noqa: F403
from tests.support.databases import Databases
from tests.support.sample import SAMPLE


@pytest.fixture
async def store(sample_database: str) -> AsyncIterator[PostgresStore]:
    pool = await open_pool(Databases.as_who_runs(sample_database))
    yield PostgresStore(pool, kinds_of(SAMPLE))
    await pool.close()
