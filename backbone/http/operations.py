"""What operations staff and probes ask of every service: health, figures, parked keys, verification."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from backbone.engine.runtime import Runtime
from backbone.engine.verify import differences
from backbone.http.calls import PROBLEM
from backbone.http.identity import Principal, requires
from backbone.http.problems import not_found
from backbone.http.readiness import Readiness
from backbone.log.parking import Parking
from backbone.telemetry import Metrics

Operator = Annotated[Principal, Depends(requires("operations"))]


def probes() -> APIRouter:
    """For machines: no token, nothing personal."""
    router = APIRouter(tags=["probes"])

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        """The process answers."""
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz(request: Request) -> Response:
        """The database answers, the consumer has joined its group, and the outbox moves."""
        readiness: Readiness = request.app.state.readiness
        problems = await readiness.problems()
        body = {"status": "ready" if not problems else "not ready", "problems": problems}
        return Response(msgspec.json.encode(body), 503 if problems else 200, media_type="application/json")

    @router.get("/metrics", response_class=Response)
    async def figures(request: Request) -> Response:
        """Prometheus text format."""
        metrics: Metrics = request.app.state.metrics
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


class Skipped(BaseModel):
    """The id of the record that was dropped for good."""

    skipped: str


def dead_letters() -> APIRouter:
    """Parked keys (role `operations`). A key of an intake is the sender's own id, so it may hold slashes."""
    router = APIRouter(prefix="/dead-letters", tags=["operations"], responses=PROBLEM)

    @router.get("")
    async def keys(request: Request, caller: Operator) -> list[dict[str, Any]]:
        """Parked keys, oldest first."""
        parking: Parking = request.app.state.parking
        return [key._asdict() for key in await parking.keys()]

    @router.get("/{key:path}")
    async def show(request: Request, key: str, caller: Operator) -> list[dict[str, Any]]:
        """Where the key's records stand and why they wait; never their payload."""
        parking: Parking = request.app.state.parking
        rows = await parking.show(key)
        if not rows:
            raise not_found("parked key")
        fields = ("record_id", "topic", "partition", "record_offset", "reason", "parked_at")
        return [
            {name: getattr(row, name) for name in fields} | {"error": row.error.partition(":")[0]}
            for row in rows
        ]

    @router.post("/{key:path}/retry")
    async def retry(request: Request, key: str, caller: Operator) -> dict[str, Any]:
        """Handle the key's records in order, until one fails or none is left."""
        parking: Parking = request.app.state.parking
        return (await parking.retry(key, caller.actor))._asdict()

    @router.post("/{key:path}/skip")
    async def skip(request: Request, key: str, caller: Operator) -> Skipped:
        """Drop the first waiting record for good; the journal keeps who did."""
        parking: Parking = request.app.state.parking
        skipped = await parking.skip(key, caller.actor)
        if skipped is None:
            raise not_found("parked key")
        return Skipped(skipped=skipped)

    return router


def verification() -> APIRouter:
    """The proof that states are what their journals say (role `operations`)."""
    router = APIRouter(tags=["operations"], responses=PROBLEM)

    @router.get("/verification")
    async def verify(request: Request, caller: Operator) -> StreamingResponse:
        """One JSON line a difference, then a line with the counts."""
        runtime: Runtime = request.app.state.runtime

        async def lines() -> Any:
            async for line in differences(runtime):
                yield msgspec.json.encode(line) + b"\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    return router
