"""An application of the sample service with a router of the test's own, and a client to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter

from backbone.http.application import Hosting, build
from backbone.http.identity import Identity
from backbone.telemetry import Metrics
from cli.issuer import AUDIENCE, ISSUER, Issuer
from tests.support.memory_system import MemorySystem

NURSE = "33333333-3333-4333-8333-333333333333"


@asynccontextmanager
async def client_of(
    system: MemorySystem, issuer: Issuer, router: APIRouter
) -> AsyncIterator[httpx.AsyncClient]:
    worker, hosting = system.workers["sample"], Hosting(lambda: True)
    identity = Identity(ISSUER, AUDIENCE, str(issuer.jwks))
    app = build(worker.runtime, identity, worker.parking, Metrics(), hosting)
    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as client:
        yield client
