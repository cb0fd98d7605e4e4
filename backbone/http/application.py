"""The application factory: one service's routes with everything that all services share."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from typing import NamedTuple

import uvicorn
from fastapi import FastAPI

from backbone.engine.generic import kinds_of
from backbone.engine.runtime import Runtime
from backbone.errors import Fatal
from backbone.http import accesses, accounting, contents, operations, problems, rules, session, undeliverable
from backbone.http.correlation import Correlation
from backbone.http.development import development
from backbone.http.documentation import DESCRIPTION, describe
from backbone.http.identity import Identity, identity_of
from backbone.http.limits import BodyLimit, Protocol
from backbone.http.measuring import Measuring
from backbone.http.readiness import OUTBOX_PATIENCE_SECONDS, Readiness
from backbone.http.routes import router_of
from backbone.http.views import Feed
from backbone.log.parking import Parking
from backbone.log.settling import Settling
from backbone.settings import Settings
from backbone.store.postgres import PostgresStore
from backbone.telemetry import Metrics


class Hosting(NamedTuple):
    """What the HTTP side may ask of the consuming side."""

    joined: Callable[[], bool]
    stands_by: Callable[[], bool] = lambda: False
    """Another process of the service sends."""
    outbox_patience: int = OUTBOX_PATIENCE_SECONDS
    settling: Settling | None = None
    """Only on the simulated clock."""
    strange: Callable[[], Sequence[str]] = list
    """What is not as we know it in Kafka, a sentence each."""


def build(
    runtime: Runtime,
    identity: Identity,
    parking: Parking,
    metrics: Metrics,
    hosting: Hosting,
    feed: Feed | None = None,
) -> FastAPI:
    """The service's application. What routes need is in `app.state`."""
    service = runtime.service
    app = FastAPI(
        title=f"Huddle: {service.name.replace('_', ' ')}",
        version="1",
        description=DESCRIPTION,
    )
    app.state.runtime, app.state.identity, app.state.parking = runtime, identity, parking
    app.state.metrics, app.state.feed = metrics, feed
    app.state.readiness = Readiness(runtime.store, runtime.clock, hosting)
    app.state.settling = hosting.settling
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(Correlation)
    app.add_middleware(Measuring, metrics, runtime.engine)
    for routes, tag in (
        (operations.PROBES, "probes"),
        (session.ROUTES, "session"),
        ((*operations.ROUTES, *undeliverable.ROUTES), "operations"),
        ((*accesses.ROUTES, *accounting.ROUTES, *contents.ROUTES), "access"),
        (rules.ROUTES, "rules"),
        (service.routes, None),
    ):
        app.router.routes.extend(router_of(routes, tag).routes)
    if hosting.settling is not None:
        app.include_router(development())
    describe(app, service.name, kinds_of(service))
    return app


class Server(uvicorn.Server):
    """Uvicorn in our loop; signals are the process's."""

    def install_signal_handlers(self) -> None:
        return None

    def capture_signals(self):  # type: ignore[no-untyped-def]
        return nullcontext()


def listening(host: str, port: int) -> socket.socket:
    """Raises Fatal when the address is taken or none of this machine's.

    asyncio switches Nagle's algorithm off only where it knows the protocol; with it every answer would wait 40 ms.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        raise Fatal(
            f"HTTP can't listen on {host}:{port} ({error.strerror}): change HUDDLE_HTTP_PORT."
        ) from None


async def serve(app: FastAPI, listener: socket.socket) -> None:
    """Until cancelled; what is still open a second later is cut."""
    config = uvicorn.Config(
        app, http=Protocol, log_level="warning", access_log=False, timeout_graceful_shutdown=1, lifespan="off"
    )
    server = Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(serving, 3)


async def http_side(
    runtime: Runtime, parking: Parking, metrics: Metrics, settings: Settings, hosting: Hosting
) -> None:
    """A process's HTTP task."""
    store = runtime.store
    assert isinstance(store, PostgresStore)
    live = runtime.service.live
    feed = Feed(store.pool, str(settings.database_url), live) if live else None
    app = build(runtime, identity_of(settings), parking, metrics, hosting, feed)
    serving = partial(serve, app, listening(settings.http_host, settings.http_port))
    async with asyncio.TaskGroup() as tasks:
        if feed is not None:
            tasks.create_task(feed.listen())
        tasks.create_task(serving())
