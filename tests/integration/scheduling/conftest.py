"""Scheduling over HTTP on a real PostgreSQL, at 11:00 of a Wednesday."""

from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from backbone.engine.generic import kinds_of
from backbone.http.application import Hosting, build
from backbone.log.parking import Parking
from backbone.store.postgres import PostgresStore, open_pool
from backbone.telemetry import Metrics
from config.loading import SHIPPED
from services.scheduling.service import SERVICE
from tests.support.databases import Databases
from tests.support.memory_system import MemorySystem
from tests.support.referral_http import TrustingIdentity

NOW = datetime(2027, 1, 20, 11, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
async def system(databases: Databases) -> AsyncIterator[MemorySystem]:
    assert SERVICE.migrations is not None
    pool = await open_pool(await databases.new("scheduling", folders=[SERVICE.migrations]))
    stores = {"scheduling": PostgresStore(pool, kinds_of(SERVICE))}
    yield MemorySystem(NOW, {SERVICE: SERVICE.load_rules(SHIPPED)}, stores)
    await pool.close()


@pytest.fixture
async def http(system: MemorySystem) -> AsyncIterator[httpx.AsyncClient]:
    worker = system.workers["scheduling"]
    hosting = Hosting(lambda: True)
    app = build(worker.runtime, TrustingIdentity(), Parking(worker.consumer), Metrics(), hosting)  # type: ignore[arg-type]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://scheduling", timeout=60
    ) as client:
        yield client
