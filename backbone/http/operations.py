"""What operations staff and probes ask of every service: health, figures, parked keys, verification."""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import Depends, Request
from fastapi.responses import Response, StreamingResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from backbone.engine.verify import differences
from backbone.http.access import Operator, Running
from backbone.http.calls import Document, Documents
from backbone.http.problems import not_found
from backbone.http.readiness import Readiness, calendar_notices
from backbone.http.routes import get, post
from backbone.http.views import Feed
from backbone.log.parking import Parking
from backbone.model.service import Route
from backbone.telemetry import Metrics


async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


async def readyz(request: Request) -> Response:
    """The database answers, the consumer has joined its group, and the outbox moves. `notices` keep nobody from it."""
    readiness: Readiness = request.app.state.readiness
    problems, running = await readiness.problems(), request.app.state.runtime
    body = {
        "status": "ready" if not problems else "not ready",
        "problems": problems,
        "notices": [
            *running.service.notices(running.rules),
            *calendar_notices(running.rules, running.clock.now()),
        ],
    }
    return Response(msgspec.json.encode(body), 503 if problems else 200, media_type="application/json")


async def metrics(request: Request) -> Response:
    """Prometheus text format."""
    figures: Metrics = request.app.state.metrics
    feed: Feed | None = request.app.state.feed
    figures.views.set(feed.seats.open if feed else 0)
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)


PROBES: tuple[Route, ...] = (
    get("/livez", livez, dict[str, str], public=True),
    get("/readyz", readyz, public=True),
    get("/metrics", metrics, public=True, kind="text/plain"),
)
"""For machines: no token, nothing personal."""


class Skipped(BaseModel):
    """The id of the record that was dropped for good."""

    skipped: str


async def parking_of(request: Request) -> Parking:
    found: Parking = request.app.state.parking
    return found


Parked = Annotated[Parking, Depends(parking_of)]


async def list_parked_keys(caller: Operator, parking: Parked) -> Documents:
    """Parked keys, oldest first."""
    return [key._asdict() for key in await parking.keys()]


async def show_parked_key(caller: Operator, parking: Parked, key: str) -> Documents:
    """Where the key's records stand and why they wait; never their payload."""
    rows = await parking.show(key)
    if not rows:
        raise not_found("parked key")
    fields = ("record_id", "topic", "partition", "record_offset", "reason", "parked_at")
    return [
        {name: getattr(row, name) for name in fields} | {"error": row.error.partition(":")[0]} for row in rows
    ]


async def retry_parked_key(caller: Operator, parking: Parked, key: str) -> Document:
    """Handle the key's records in order, until one fails or none is left."""
    return (await parking.retry(key, caller.actor))._asdict()


async def skip_parked_record(caller: Operator, parking: Parked, key: str) -> Skipped:
    """Drop the first waiting record for good; the journal keeps who did."""
    skipped = await parking.skip(key, caller.actor)
    if skipped is None:
        raise not_found("parked key")
    return Skipped(skipped=skipped)


async def verify(caller: Operator, running: Running) -> StreamingResponse:
    """The proof that states are what their journals say: one JSON line a difference, then a line with the counts."""

    async def lines() -> AsyncIterator[bytes]:
        async for line in differences(running):
            yield msgspec.json.encode(line) + b"\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


ROUTES: tuple[Route, ...] = (
    get("/dead-letters", list_parked_keys, Documents),
    get("/dead-letters/{key:path}", show_parked_key, Documents),
    post("/dead-letters/{key:path}/retry", retry_parked_key, Document),
    post("/dead-letters/{key:path}/skip", skip_parked_record, Skipped),
    get("/verification", verify, kind="application/x-ndjson"),
)
"""For the role `operations`. A key of an intake is the sender's own id, so it may hold slashes."""
