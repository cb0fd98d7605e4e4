"""The front door with the development issuer and a service behind it, each on a port of its own, in one loop."""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from backbone.clock import epoch_seconds
from backbone.http.doors import listening, serve
from board.application import build
from board.settings import BoardSettings
from cli import provider
from cli.composition import config_dir
from cli.issuer import ISSUER, Issuer
from cli.people import members
from config.staff import StaffMember
from schemas.services import NAMES

SECRET = "a secret of the tests, long enough to be one"
NORA, CORA = "nora.quinn", "cora.lind"
AWAY = "referral"
"""Nobody listens where this service should answer."""
TRUSTED = ssl.create_default_context()
"""Made once: it is slow, and nothing here is encrypted."""


@cache
def staff() -> tuple[StaffMember, ...]:
    """The shipped directory, read once for all doors."""
    return members()


@dataclass
class Behind:
    """The services behind the door. `asked` is what came; `says` answers instead of the usual echo."""

    asked: list[Request] = field(default_factory=list)
    says: Callable[[Request], Awaitable[Response]] | None = None
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Whoever listened to the stream is gone."""

    async def answer(self, request: Request) -> Response:
        self.asked.append(request)
        await request.body()
        if self.says is not None:
            return await self.says(request)
        if request.url.path.endswith("/stream"):
            return StreamingResponse(self._beats(request), media_type="text/event-stream")
        told = {"path": request.url.path, "query": request.url.query, "method": request.method}
        headers = {"etag": '"7"', "set-cookie": "evil=1", "x-powered-by": "us", "location": "/items/1"}
        return JSONResponse(told, headers=headers)

    async def _beats(self, request: Request) -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"event: beat\nid: 1\ndata: {}\n\n"
                await asyncio.sleep(0.01)
        finally:
            self.left.set()


@dataclass
class FrontDoor:
    """`later` is how many seconds the door's clock is ahead."""

    url: str
    http: httpx.AsyncClient
    behind: Behind
    issuer: Issuer
    app: FastAPI
    later: int = 0

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """Another one, without cookies."""
        return httpx.AsyncClient(base_url=self.url, trust_env=False, verify=TRUSTED, headers=headers)

    async def sign_in(
        self, login: str = NORA, page: str = "/board/nursing", http: httpx.AsyncClient | None = None
    ):
        """As a person does it. The answer of the last step: the hop."""
        http = http or self.http
        begun = await http.get(page)
        there = (await http.get(begun.headers["location"])).headers["location"]
        return await self.choose(there, login, http)

    async def choose(self, there: str, login: str, http: httpx.AsyncClient) -> httpx.Response:
        """Pick who one is on the issuer's page, and come back."""
        [member] = [member for member in staff() if member.login == login]
        async with httpx.AsyncClient(trust_env=False, verify=TRUSTED) as elsewhere:
            assert member.name in (await elsewhere.get(there)).text
            back = (await elsewhere.post(there, data={"staff": member.id})).headers["location"]
        return await http.get(back)

    async def proof(self, http: httpx.AsyncClient | None = None) -> dict[str, str]:
        """The header that makes a change one of ours."""
        session = (await (http or self.http).get("/board/session")).json()
        return {"x-huddle-csrf": session["csrf"]}

    async def raw(self, head: str) -> tuple[int, bytes]:
        """An answer to a request written by hand, with this browser's cookies: no client puts its path in order."""
        host, port = self.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)
        writer.write(f"{head}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n".encode())
        said = await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        return int(said.split()[1]), said


def settings_of(
    url: str, issuer_url: str, issuer: Issuer, services: dict[str, str], **more: Any
) -> BoardSettings:
    told: dict[str, Any] = {
        "environment": "development",
        "board_url": url,
        "oidc_issuer": ISSUER,
        "oidc_jwks": str(issuer.jwks),
        "oidc_metadata": f"{issuer_url}/.well-known/openid-configuration",
        "session_secret": SECRET,
        "config_dir": config_dir(),
        "services": services,
    }
    return BoardSettings(**told | more)


@asynccontextmanager
async def front_door(folder: Path, **settings: Any) -> AsyncIterator[FrontDoor]:
    """All of it, until the end of the block."""
    issuer, behind = Issuer(folder), Behind()
    async with AsyncExitStack() as stack:
        door, issuing, service = (stack.enter_context(listening("127.0.0.1", 0)) for _ in range(3))
        url, issuer_url, service_url = (address_of(listener) for listener in (door, issuing, service))
        with listening("127.0.0.1", 0) as nobody:
            services = dict.fromkeys(NAMES, service_url) | {AWAY: address_of(nobody)}
        told = settings_of(url, issuer_url, issuer, services, **settings)
        registered = provider.Registered(issuer_url, f"{url}/board/sign-in/callback", f"{url}/board/sign-out")
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=url, trust_env=False, verify=TRUSTED)
        )
        found = FrontDoor(url, http, behind, issuer, FastAPI())
        found.app = build(told, lambda: epoch_seconds() + found.later)
        stack.push_async_callback(found.app.state.passing.client.aclose)
        services_app = FastAPI(openapi_url=None)
        services_app.add_route("/{path:path}", behind.answer, methods=["GET", "POST", "PATCH", "DELETE"])
        apps = (
            (found.app, door),
            (provider.build(issuer, registered, staff()), issuing),
            (services_app, service),
        )
        serving = [asyncio.ensure_future(serve(app, listener)) for app, listener in apps]
        yield found
        for each in serving:
            each.cancel()
        await asyncio.wait(serving)


def address_of(listener: Any) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def frame_of(page: str) -> dict[str, Any]:
    """The block that the client reads."""
    found = re.search(r'<script type="application/json" id="frame">(.*?)</script>', page, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def flags_of(answer: httpx.Response) -> dict[str, set[str]]:
    """Attributes of the cookies that an answer sets."""
    cookies = [cookie.split("; ") for cookie in answer.headers.get_list("set-cookie")]
    return {first.partition("=")[0]: set(rest) for first, *rest in cookies}
