"""Which port answers what, in plain text or TLS, and what every answer tells a browser."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute

from backbone.http.application import Hosting, build
from backbone.http.doors import DOCUMENTATION, OPERATIONS, Door, open_to
from backbone.http.identity import Identity
from backbone.settings import HttpSettings
from backbone.telemetry import Metrics
from cli.authority import Authority
from cli.issuer import AUDIENCE, ISSUER, Issuer
from cli.stack.ports import free_ports
from tests.support.memory_system import MemorySystem
from tests.support.sample import SAMPLE


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    worker = MemorySystem(datetime(2027, 1, 4, 14, tzinfo=UTC), {SAMPLE: {}}).workers["sample"]
    identity = Identity(ISSUER, AUDIENCE, str(Issuer(tmp_path).jwks))
    hosting = Hosting(lambda: True)
    return build(worker.runtime, identity, worker.parking, Metrics(), hosting, encrypted=True)


def client(app: FastAPI, *, operations: bool) -> httpx.AsyncClient:
    door = Door(app, operations=operations)
    return httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="https://sample")


def test_every_probe_and_every_page_of_documentation_is_known_to_the_doors(app: FastAPI) -> None:
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    probes = {route.path for route in routes if "probes" in route.tags}
    assert probes == {"/livez", "/readyz", "/metrics"}
    assert probes <= OPERATIONS
    pages = {app.docs_url, app.redoc_url, app.openapi_url, app.swagger_ui_oauth2_redirect_url}
    assert pages == DOCUMENTATION
    assert not OPERATIONS & {route.path for route in routes if "probes" not in route.tags}


@pytest.mark.parametrize("path", sorted(OPERATIONS))
async def test_what_is_for_operations_is_not_there_at_the_public_port(app: FastAPI, path: str) -> None:
    async with client(app, operations=False) as public, client(app, operations=True) as machines:
        for sent in (path, f"{path}/", f"/{path}"):
            answer = await public.get(sent, follow_redirects=True)
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert (await machines.get(path)).status_code == (404 if path == "/healthz" else 200)


async def test_the_port_of_operations_knows_nothing_of_people(app: FastAPI) -> None:
    async with client(app, operations=False) as public, client(app, operations=True) as machines:
        assert (await public.get("/dead-letters")).status_code == 401
        assert (await machines.get("/dead-letters")).status_code == 404


async def broken() -> None:
    raise RuntimeError


@pytest.mark.parametrize("path", ["/livez", "/dead-letters", "/nowhere", "/docs", "/broken"])
async def test_every_answer_is_kept_by_nobody_and_framed_by_nobody(app: FastAPI, path: str) -> None:
    app.add_api_route("/broken", broken)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://sample") as http:
        said = (await http.get(path)).headers
    assert (said["cache-control"], said["x-frame-options"]) == ("no-store", "DENY")
    assert (said["x-content-type-options"], said["referrer-policy"]) == ("nosniff", "same-origin")
    assert said["strict-transport-security"] == "max-age=31536000"
    policy = None if path == "/docs" else "default-src 'none'; frame-ancestors 'none'"
    assert said.get("content-security-policy") == policy


@asynccontextmanager
async def opened(settings: HttpSettings) -> AsyncIterator[None]:
    """An application that says who asks it, and how."""
    app = FastAPI()

    async def asked(request: Request) -> list[str]:
        return [request.url.scheme, str(request.client and request.client.host)]

    app.add_api_route("/asked", asked)
    app.add_api_route("/livez", asked)
    serving = asyncio.ensure_future(open_to(app, settings))
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.wait([serving])


async def test_the_public_port_speaks_tls_and_believes_no_header_about_who_asks(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.issue("referral")
    public, machines = free_ports(2)
    told = HttpSettings(
        http_port=public,
        ops_port=machines,
        http_security="tls",
        http_certificate=certificate,
        http_key=key,
    )
    forwarded = {
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-proto": "http",
        "forwarded": "for=203.0.113.9",
    }
    trusted = ssl.create_default_context(cafile=authority.ca)
    async with opened(told), httpx.AsyncClient(verify=trusted, headers=forwarded, trust_env=False) as http:
        answer = await retried(http, f"https://localhost:{public}/asked")
        assert (answer.json(), "server" in answer.headers) == (["https", "127.0.0.1"], False)
        assert (await http.get(f"https://localhost:{public}/livez")).status_code == 404
        assert (await http.get(f"http://localhost:{machines}/livez")).json() == ["http", "127.0.0.1"]
        with pytest.raises(httpx.TransportError):
            await http.get(f"http://localhost:{public}/asked")


async def retried(http: httpx.AsyncClient, url: str) -> httpx.Response:
    """As soon as it listens."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await http.get(url)
            except httpx.ConnectError:
                await asyncio.sleep(0.01)
