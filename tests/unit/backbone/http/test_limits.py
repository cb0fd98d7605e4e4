"""What a caller may take of a process is bounded: bytes and seconds of a body, silence, connections."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import httpx
import pytest
from fastapi import FastAPI, Request

from backbone.http import limits, problems
from backbone.http.doors import listening, serve
from backbone.http.limits import BodyLimit


@asynccontextmanager
async def served(seconds: float = 5.0) -> AsyncIterator[tuple[str, int]]:
    """An application that reads whole bodies, on a free port of this machine."""
    app = FastAPI()
    problems.install(app)

    @app.post("/read")
    async def read(body: dict[str, str]) -> int:
        return len(body)

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    app.add_middleware(BodyLimit, most=1000, seconds=seconds)
    listener = listening("127.0.0.1", 0)
    serving = asyncio.ensure_future(serve(app, listener))
    try:
        yield "127.0.0.1", listener.getsockname()[1]
    finally:
        serving.cancel()
        await asyncio.wait([serving])


@pytest.fixture
def protocols(monkeypatch: pytest.MonkeyPatch) -> list[limits.Protocol]:
    """Those that the server makes, as they come."""
    made: list[limits.Protocol] = []
    accept = limits.Protocol.connection_made

    def kept(protocol: limits.Protocol, transport: asyncio.Transport) -> None:
        made.append(protocol)
        accept(protocol, transport)

    monkeypatch.setattr(limits.Protocol, "connection_made", kept)
    return made


@asynccontextmanager
async def connected(
    place: tuple[str, int],
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(*place)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(10):
        return await reader.read()


@pytest.mark.parametrize("path", ["/read", "/raw"])
async def test_a_body_that_is_too_large_is_413_declared_or_not(path: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"[" * 100

    async with served() as (host, port), httpx.AsyncClient(base_url=f"http://{host}:{port}") as client:
        for content in (b"x" * 1001, chunks()):
            refused = await client.post(path, content=content)
            assert (refused.status_code, refused.json()["type"]) == (413, "urn:huddle:problem:too-large")
        assert (await client.post("/raw", content=b"x" * 1000)).json() == 1000


async def test_a_huge_declaration_is_refused_before_a_byte_is_read() -> None:
    async with served() as place, connected(place) as (reader, writer):
        writer.write(b"POST /raw HTTP/1.1\r\nhost: x\r\ncontent-length: 18446744073709551615\r\n\r\n")
        assert b" 413 " in (await until_closed(reader)).splitlines()[0]


async def test_a_body_that_trickles_is_408() -> None:
    async with served(seconds=0.2) as place, connected(place) as (reader, writer):
        writer.write(b"POST /read HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n")
        writer.write(b'content-length: 900\r\nconnection: close\r\n\r\n{"a":')
        head, _, body = (await until_closed(reader)).partition(b"\r\n\r\n")
        assert b" 408 " in head.splitlines()[0]
        assert json.loads(body)["type"] == "urn:huddle:problem:too-slow"


@pytest.mark.parametrize("said", [b"", b"GET /raw HTT", b"GET /raw HTTP/1.1\r\nhost: x\r\nx: "])
async def test_a_connection_that_does_not_say_what_it_wants_is_closed(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.2)
    async with served() as place, connected(place) as (reader, writer):
        writer.write(said)
        assert b"200" not in await until_closed(reader)


async def test_connections_beyond_the_limit_are_closed_and_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_CONNECTIONS", 3)
    async with served() as place, AsyncExitStack() as stack:
        kept = [await stack.enter_async_context(connected(place)) for _ in range(3)]
        reader, _ = await stack.enter_async_context(connected(place))
        assert await until_closed(reader) == b""
        kept[0][1].write(b"POST /raw HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        assert b" 200 " in (await until_closed(kept[0][0])).splitlines()[0]


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"POST /raw HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
    assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(1)


def rest_of(connections: Iterable[limits.Protocol]) -> list[float]:
    """How long each connection may rest from when it was answered."""
    now = asyncio.get_running_loop().time()
    ends = [each.timeout_keep_alive_task.when() for each in connections if each.timeout_keep_alive_task]
    return sorted(round(end - now) for end in ends)


async def test_a_connection_rests_longer_than_clients_keep_theirs(protocols: list[limits.Protocol]) -> None:
    async with served() as place, connected(place) as (reader, writer):
        await answered(reader, writer)
        assert rest_of(protocols) == [65]
        await answered(reader, writer)


async def test_where_half_of_all_connections_are_taken_they_rest_for_a_moment(
    protocols: list[limits.Protocol], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_CONNECTIONS", 2)
    async with served() as place, AsyncExitStack() as stack:
        first = await stack.enter_async_context(connected(place))
        await answered(*first)
        second = await stack.enter_async_context(connected(place))
        await answered(*second)
        assert rest_of(protocols) == [2, 65]
