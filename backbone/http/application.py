"""The application factory: one service's routes with everything that all services share."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fastapi import FastAPI

from backbone.engine.generic import kinds_of
from backbone.engine.runtime import Runtime
from backbone.http import (
    accesses,
    accounting,
    actions,
    contents,
    operations,
    problems,
    rules,
    session,
    undeliverable,
)
from backbone.http.correlation import Correlation
from backbone.http.development import development
from backbone.http.documentation import DESCRIPTION, describe
from backbone.http.doors import DOCUMENTATION, open_to
from backbone.http.headers import NOTHING, Secured
from backbone.http.identity import Identity, identity_of
from backbone.http.limits import BodyLimit
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
    relay_waits: Callable[[], float] = lambda: 0.0
    """Seconds since which this process has neither sent nor stood by."""


def build(
    runtime: Runtime,
    identity: Identity,
    parking: Parking,
    metrics: Metrics,
    hosting: Hosting,
    feed: Feed | None = None,
    *,
    encrypted: bool = False,
) -> FastAPI:
    """The service's application. What routes need is in `app.state`. `encrypted`: its callers come by TLS, whoever ends
    it."""
    service = runtime.service
    app = FastAPI(
        title=f"Huddle: {service.name.replace('_', ' ')}",
        version="1",
        description=DESCRIPTION,
    )
    app.state.runtime, app.state.identity, app.state.parking = runtime, identity, parking
    app.state.metrics, app.state.feed = metrics, feed
    app.state.readiness = Readiness(runtime.store, runtime.clock, hosting)
    app.state.settling, app.state.encrypted = hosting.settling, encrypted
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(Correlation, spans=lambda: runtime.engine.spans)
    app.add_middleware(Secured, policy=policy, encrypted=encrypted)
    app.add_middleware(Measuring, metrics, runtime.engine)
    if hosting.settling is not None:
        app.include_router(development())
    for routes, tag in (
        (operations.PROBES, "probes"),
        (session.ROUTES, "session"),
        ((*operations.ROUTES, *undeliverable.ROUTES), "operations"),
        ((*accesses.ROUTES, *accounting.ROUTES, *contents.ROUTES), "access"),
        ((*rules.ROUTES, *actions.ROUTES, *service.routes), None),
    ):
        app.router.routes.extend(router_of(routes, tag).routes)
    describe(app, service.name, kinds_of(service))
    return app


def policy(path: str) -> str | None:
    """The pages of the documentation bring scripts of their own."""
    return None if path in DOCUMENTATION else NOTHING


async def http_side(
    runtime: Runtime, parking: Parking, metrics: Metrics, settings: Settings, hosting: Hosting
) -> None:
    """A process's HTTP task."""
    store = runtime.store
    assert isinstance(store, PostgresStore)
    live = runtime.service.live
    feed = Feed(store.pool, str(settings.database_url), live) if live else None
    encrypted = settings.http_security is not None
    app = build(runtime, identity_of(settings), parking, metrics, hosting, feed, encrypted=encrypted)
    async with asyncio.TaskGroup() as tasks:
        if feed is not None:
            tasks.create_task(feed.listen())
        tasks.create_task(open_to(app, settings))
