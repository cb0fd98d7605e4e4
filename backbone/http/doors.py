"""At which port what is answered: probes, metrics and documentation have one of their own where settings name it."""

import asyncio
import socket
import ssl
from contextlib import nullcontext, suppress

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from backbone.errors import Fatal
from backbone.http.limits import Protocol
from backbone.settings import HttpSettings

DOCUMENTATION = frozenset({"/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"})
OPERATIONS = frozenset({"/livez", "/healthz", "/readyz", "/metrics"}) | DOCUMENTATION
NOWHERE = {"path": "/-", "raw_path": b"/-"}


class Door:
    """Lets through what is for operations, or everything else; the rest is answered as what there is not."""

    def __init__(self, app: ASGIApp, *, operations: bool) -> None:
        self._app = app
        self._operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["path"] in OPERATIONS) is not self._operations:
            scope = {**scope, **NOWHERE}
        await self._app(scope, receive, send)


async def open_to(app: ASGIApp, settings: HttpSettings) -> None:
    """Until cancelled. Raises Fatal."""
    public = listening(settings.http_host, settings.http_port)
    if settings.ops_port is None:
        await serve(app, public, settings.http_context)
        return
    machines = listening(settings.http_host, settings.ops_port, "HUDDLE_OPS_PORT")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(Door(app, operations=False), public, settings.http_context))
        tasks.create_task(serve(Door(app, operations=True), machines))


class Server(uvicorn.Server):
    """Uvicorn in our loop; signals are the process's."""

    def install_signal_handlers(self) -> None:
        return None

    def capture_signals(self):  # type: ignore[no-untyped-def]
        return nullcontext()


def listening(host: str, port: int, said_by: str = "HUDDLE_HTTP_PORT") -> socket.socket:
    """Raises Fatal when the address is taken or none of this machine's.

    asyncio switches Nagle's algorithm off only where it knows the protocol; with it every answer would wait 40 ms.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        raise Fatal(f"HTTP can't listen on {host}:{port} ({error.strerror}): change {said_by}.") from None


async def serve(app: ASGIApp, listener: socket.socket, shows: ssl.SSLContext | None = None) -> None:
    """Until cancelled; what is still open a second later is cut. `shows`: TLS. Nobody's X-Forwarded-… is believed."""
    config = uvicorn.Config(
        app,
        http=Protocol,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        ssl_context_factory=(lambda *_: shows) if shows else None,
    )
    server = Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(serving, 3)
