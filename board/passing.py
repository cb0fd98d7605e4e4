"""`/api/<service>/<path>`: passes a closed list of operations on to the services, with the person's own token.

It adds no right and decides nothing: every request is decided by the service. Only headers that stand here go either
way, and an answer that no service of ours gives does not reach the browser.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from functools import partial
from typing import NamedTuple

import httpx
import msgspec
from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from starlette.datastructures import Headers

from backbone.http.clients import RESTING
from backbone.http.problems import MEDIA_TYPE, RETRY_SECONDS, Problem
from board.passed import Passed, check_passed
from board.presence import SAFE
from board.security import check_proof, signed_in
from board.sessions import Session, Sessions

ASKED = (
    "accept",
    "accept-language",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "traceparent",
    "tracestate",
    "x-purpose",
)
ANSWERED = (
    "allow",
    "cache-control",
    "content-disposition",
    "content-language",
    "etag",
    "retry-after",
    "traceparent",
    "x-security-labels",
)
STREAM = "text/event-stream"
JSON = ("application/json", MEDIA_TYPE)
KINDS = (*JSON, "text/plain", "text/csv", "application/pdf")
"""What services answer with; nothing that a browser would run."""
CONNECT_SECONDS, ANSWER_SECONDS, SILENCE_SECONDS = 2.0, 30.0, 45.0
"""A stream that says nothing for so long is half open: it beats every 10 seconds."""
MOST_BYTES = 16 * 1024 * 1024
MOST_QUERY = 8 * 1024


class Passing(NamedTuple):
    """`client` follows no redirect and keeps no cookie."""

    client: httpx.AsyncClient
    services: Mapping[str, str]
    passed: Passed
    sessions: Sessions


def client(trusted: ssl.SSLContext) -> httpx.AsyncClient:
    """A stream holds its connection, so connections are bounded by views (`Seats` of the service), not here."""
    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)
    return httpx.AsyncClient(timeout=timeout, limits=RESTING, trust_env=False, verify=trusted)


async def pass_on(request: Request) -> Response:
    """The whole way: on the list, signed in, meant, asked, answered."""
    passing: Passing = request.app.state.passing
    service, path = destination(request)
    check_passed(passing.passed, service, request.method, path)
    session = signed_in(request)
    if request.method not in SAFE:
        check_proof(session, request.headers)
    asked = await question(request, passing, service, path, session.tokens.bearer)
    answer = await answered(passing.client, asked, service)
    if kind_of(answer.headers) == STREAM and answer.is_success:
        left = stream_seconds(session, passing.sessions)
        over = partial(passing.sessions.is_ended, session)
        return StreamingResponse(
            streamed(answer, left, over), headers=kept(answer.headers), media_type=STREAM
        )
    return Response(await whole(answer, service), answer.status_code, to_browser(answer.headers, service))


async def ask(request: Request, service: str, path: str) -> httpx.Response:
    """What a page that is drawn here asks, as the person. `path` has its query. Raises Problem 401, 502, 503, 504."""
    passing: Passing = request.app.state.passing
    check_passed(passing.passed, service, "GET", path.partition("?")[0])
    headers = {
        "authorization": f"Bearer {signed_in(request).tokens.bearer}",
        "x-correlation-id": request.state.correlation_id,
    }
    url = httpx.URL(passing.services[service]).copy_with(raw_path=path.encode())
    answer = await answered(
        passing.client, passing.client.build_request("GET", url, headers=headers), service
    )
    return httpx.Response(answer.status_code, headers=kinds(answer), content=await whole(answer, service))


def kinds(answer: httpx.Response) -> dict[str, str]:
    return {"content-type": kind_of(answer.headers)}


def stream_seconds(session: Session, sessions: Sessions) -> int:
    """The browser comes back by itself: with a newer token, if it is still given one."""
    return min(sessions.end(session), session.tokens.expires) - sessions.now()


def destination(request: Request) -> tuple[str, str]:
    """Service and path as they were sent, not as somebody decoded them. Raises Problem 404, 414."""
    sent = bytes(request.scope.get("raw_path") or b"").decode("latin-1").partition("?")[0]
    service, _, path = sent.removeprefix("/api/").partition("/")
    if len(request.scope["query_string"]) > MOST_QUERY:
        raise Problem(414, "too-long", f"A query has at most {MOST_QUERY} bytes.")
    return service, f"/{path}"


async def question(request: Request, passing: Passing, service: str, path: str, bearer: str) -> httpx.Request:
    headers = {name: request.headers[name] for name in ASKED if name in request.headers}
    headers |= {"authorization": f"Bearer {bearer}", "x-correlation-id": request.state.correlation_id}
    target = path.encode() + (b"?" + query if (query := request.scope["query_string"]) else b"")
    url = httpx.URL(passing.services[service]).copy_with(raw_path=target)
    return passing.client.build_request(
        request.method, url, headers=headers, content=await request.body() or None
    )


async def answered(client: httpx.AsyncClient, asked: httpx.Request, service: str) -> httpx.Response:
    """Its head. Raises Problem 502, 503, 504."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await client.send(asked, stream=True)
    except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
        raise slow(service) from None
    except httpx.RemoteProtocolError as error:
        raise (nonsense(service) if "disconnected" not in str(error) else away(service)) from None
    except httpx.HTTPError:
        raise away(service) from None
    if is_ours(answer):
        return answer
    await answer.aclose()
    raise nonsense(service)


def is_ours(answer: httpx.Response) -> bool:
    """Success of a known kind, nothing new, or a problem: that is all that services say."""
    kind = kind_of(answer.headers)
    if answer.is_error:
        return kind == MEDIA_TYPE
    return answer.status_code in (204, 304) or (answer.is_success and kind in (STREAM, *KINDS))


async def whole(answer: httpx.Response, service: str) -> bytes:
    """The body, bounded in time and size; JSON is JSON. Raises Problem 502, 504."""
    body = bytearray()
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise nonsense(service)
        if body and kind_of(answer.headers) in JSON:
            msgspec.json.decode(body)
    except (TimeoutError, httpx.TimeoutException):
        raise slow(service) from None
    except (httpx.HTTPError, msgspec.DecodeError):
        raise nonsense(service) from None
    finally:
        await answer.aclose()
    return bytes(body)


async def streamed(
    answer: httpx.Response, seconds: float, is_over: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """As it comes, until either side ends it, it is silent for long, or its token or its session is over: nothing that
    comes after signing out is shown."""
    try:
        async with asyncio.timeout(max(seconds, 0)), aclosing(pieces_of(answer)) as pieces:
            while True:
                async with asyncio.timeout(SILENCE_SECONDS):
                    piece = await anext(pieces)
                if is_over():
                    return
                yield piece
    except (TimeoutError, StopAsyncIteration, httpx.HTTPError):
        return
    finally:
        await answer.aclose()


async def pieces_of(answer: httpx.Response) -> AsyncGenerator[bytes, None]:
    async for piece in answer.aiter_raw():
        yield piece


def kind_of(headers: httpx.Headers | Headers) -> str:
    return str(headers.get("content-type", "")).partition(";")[0].strip().lower()


def kept(headers: httpx.Headers) -> dict[str, str]:
    return {name: headers[name] for name in ANSWERED if name in headers}


def to_browser(headers: httpx.Headers, service: str) -> dict[str, str]:
    """What it may see. A place of the service is one below `/api`."""
    said = kept(headers)
    if "content-type" in headers:
        said["content-type"] = headers["content-type"]
    if headers.get("location", "").startswith("/"):
        said["location"] = f"/api/{service}{headers['location']}"
    return said


def away(service: str) -> Problem:
    return Problem(
        503,
        "service-away",
        f"{service} does not answer now. Whether anything was changed is not known: try the same again.",
        headers={"Retry-After": RETRY_SECONDS},
        service=service,
    )


def slow(service: str) -> Problem:
    return Problem(
        504, "service-slow", f"{service} took too long to answer: try the same again.", service=service
    )


def nonsense(service: str) -> Problem:
    return Problem(502, "service-nonsense", f"{service} gave an answer that can't be read.", service=service)
