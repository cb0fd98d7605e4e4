"""What a service can't get out: rows that Kafka refuses, effects that can't be carried out (role `operations`)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from backbone.engine.runtime import Runtime
from backbone.http.calls import PROBLEM
from backbone.http.identity import Principal, requires
from backbone.http.operations import Skipped
from backbone.http.problems import not_found
from backbone.log.undeliverable import Undeliverable
from backbone.store.postgres import PostgresStore

Operator = Annotated[Principal, Depends(requires("operations"))]


class SentAgain(BaseModel):
    """How many rows will be tried again. What is refused again comes back to the list."""

    again: int


def operations(request: Request) -> Undeliverable:
    runtime: Runtime = request.app.state.runtime
    assert isinstance(runtime.store, PostgresStore)
    return Undeliverable(runtime.engine, runtime.store, runtime.clock)


async def list_undeliverable(request: Request, caller: Operator) -> list[dict[str, Any]]:
    """Places at which something waits, oldest first. A place is a topic, `topic/key`, or `effect/kind/id`."""
    return [place._asdict() for place in await operations(request).places()]


async def show_undeliverable(request: Request, place: str, caller: Operator) -> list[dict[str, Any]]:
    """What waits at a place and why; never its content."""
    rows = await operations(request).show(place)
    if not rows:
        raise not_found("place")
    return [row._asdict() for row in rows]


async def send_undeliverable_again(request: Request, place: str, caller: Operator) -> SentAgain:
    """Send all of the place again, in order."""
    return SentAgain(again=await operations(request).retry(place, caller.actor))


async def drop_undeliverable(request: Request, place: str, caller: Operator) -> Skipped:
    """Drop the first row of the place for good; the journal keeps who did."""
    skipped = await operations(request).skip(place, caller.actor)
    if skipped is None:
        raise not_found("place")
    return Skipped(skipped=skipped)


def undeliverable() -> APIRouter:
    router = APIRouter(prefix="/undeliverable", tags=["operations"], responses=PROBLEM)
    router.add_api_route("", list_undeliverable)
    router.add_api_route("/{place:path}", show_undeliverable)
    router.add_api_route("/{place:path}/retry", send_undeliverable_again, methods=["POST"])
    router.add_api_route("/{place:path}/skip", drop_undeliverable, methods=["POST"])
    return router
