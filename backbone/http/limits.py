"""Bounds of what a caller may take of a process: bytes and seconds of a body, of silence, connections, views."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from backbone.http.problems import RETRY_SECONDS, Problem, problem

MOST_BODY_BYTES = 1024 * 1024
"""Larger than every request that the contracts allow."""
BODY_SECONDS = 20.0
HEAD_SECONDS = 10.0
"""How long a connection may take to say what it wants."""
MOST_CONNECTIONS = 1_000
KEEP_ALIVE_SECONDS = 65
"""How long a connection may rest between two requests. Longer than clients and proxies keep theirs (httpx 5 s, most
proxies 60 s): whoever closes first must be the one that sends, or a request meets a connection that is just closing."""
CROWDED_KEEP_ALIVE_SECONDS = 2
"""When half of all connections are taken: those that rest are not to keep out those that want something."""
LINGER_SECONDS = 1.0
MOST_VIEWS = 400
MOST_VIEWS_OF_ONE = 40
"""Open views: a wall that shows every queue has nine, and as many again while it comes back."""


class Seats:
    """How many views are open in this process, and whose."""

    def __init__(self, most: int = MOST_VIEWS, most_of_one: int = MOST_VIEWS_OF_ONE) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._taken: Counter[str] = Counter()

    @property
    def open(self) -> int:
        return self._taken.total()

    @contextmanager
    def taken(self, by: str) -> Iterator[None]:
        """A seat for as long as the view is open. Raises Problem 429 or 503."""
        if self._taken[by] >= self._most_of_one:
            raise Problem(
                429,
                "too-many-views",
                f"You have {self._most_of_one} views open here. Close one that nobody looks at.",
                headers={"Retry-After": RETRY_SECONDS},
            )
        if self.open >= self._most:
            raise Problem(
                503,
                "no-room-for-views",
                "As many views are open here as can be. Read the list instead, or try again later.",
                headers={"Retry-After": RETRY_SECONDS},
            )
        self._taken[by] += 1
        try:
            yield
        finally:
            self._taken[by] -= 1
            if not self._taken[by]:
                del self._taken[by]


class BodyLimit:
    """Counts a body while it arrives: what is too large or too slow is answered, not kept."""

    def __init__(self, app: ASGIApp, most: int = MOST_BODY_BYTES, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._most = most
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > self._most:
            await dropped(receive)
            answer = await problem(Request(scope, receive), self._too_large())
            await answer(scope, receive, send)
            return
        await self._app(scope, self._limited(receive), send)

    def _limited(self, receive: Receive) -> Receive:
        end = asyncio.get_running_loop().time() + self._seconds
        received = 0
        whole = False

        async def limited() -> Message:
            nonlocal received, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(end):
                    message = await receive()
            except TimeoutError:
                raise Problem(
                    408, "too-slow", f"The body did not arrive within {self._seconds:.0f} seconds."
                ) from None
            received += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if received > self._most:
                await dropped(receive)
                raise self._too_large()
            return message

        return limited

    def _too_large(self) -> Problem:
        return Problem(
            413, "too-large", f"A body has at most {self._most} bytes.", headers={"connection": "close"}
        )


async def dropped(receive: Receive) -> None:
    """Let the rest of a body pass for a moment: who is still sending when the connection closes sees no answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get("more_body", False):
                continue


class Protocol(H11Protocol):
    """HTTP/1.1 that closes what says nothing, and what comes when there are too many already."""

    silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.close()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._heard()
        elif self.silence is None:
            self._wait()

    def on_response_complete(self) -> None:
        crowded = len(self.connections) > MOST_CONNECTIONS // 2
        self.timeout_keep_alive = CROWDED_KEEP_ALIVE_SECONDS if crowded else KEEP_ALIVE_SECONDS
        super().on_response_complete()

    def connection_lost(self, exc: Any) -> None:
        self._heard()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self.silence = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _heard(self) -> None:
        if self.silence is not None:
            self.silence.cancel()
            self.silence = None
