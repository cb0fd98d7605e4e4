"""The referral service over HTTP on a PostgreSQL of its own."""

from collections.abc import AsyncIterator

import httpx
import pytest

from backbone.engine.generic import kinds_of
from backbone.http.application import Hosting, build
from backbone.log.parking import Parking
from backbone.store.postgres import PostgresStore, open_pool
from backbone.telemetry import Metrics
from services.referral.service import SERVICE
from tests.support.databases import Databases
from tests.support.memory_system import MemorySystem, MemoryWorker
from tests.support.referral_http import TrustingIdentity
from tests.unit.referral.situations import at, rules


@pytest.fixture
async def worker(databases: Databases) -> AsyncIterator[MemoryWorker]:
    assert SERVICE.migrations is not None
    pool = await open_pool(await databases.new("referral", folders=[SERVICE.migrations]))
    stores = {"referral": PostgresStore(pool, kinds_of(SERVICE))}
    yield MemorySystem(at("2027-01-04T14:00Z"), {SERVICE: rules()}, stores).workers["referral"]
    await pool.close()


@pytest.fixture
async def http(worker: MemoryWorker) -> AsyncIterator[httpx.AsyncClient]:
    hosting = Hosting(lambda: True)
    app = build(worker.runtime, TrustingIdentity(), Parking(worker.consumer), Metrics(), hosting)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://referral") as client:
        yield client
