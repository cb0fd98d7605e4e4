"""The worklist on a database of its own."""

from collections.abc import AsyncIterator

import httpx
import pytest

from backbone.engine.generic import kinds_of
from backbone.http.application import Hosting, build
from backbone.log.parking import Parking
from backbone.store.postgres import PostgresStore, open_pool
from backbone.telemetry import Metrics
from services.worklist.service import SERVICE
from tests.support.databases import Databases
from tests.support.desk import Desk
from tests.support.referral_http import TrustingIdentity


@pytest.fixture
async def database(databases: Databases) -> str:
    assert SERVICE.migrations is not None
    return await databases.new("worklist", folders=[SERVICE.migrations])


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    pool = await open_pool(database)
    yield Desk("2027-01-11 10:00", PostgresStore(pool, kinds_of(SERVICE)))
    await pool.close()


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    worker = desk.system.workers["worklist"]
    hosting = Hosting(lambda: True)
    app = build(worker.runtime, TrustingIdentity(), Parking(worker.consumer), Metrics(), hosting)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://worklist") as client:
        yield client
