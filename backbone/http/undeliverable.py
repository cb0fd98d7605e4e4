"""What a service can't get out: rows that Kafka refuses, effects that can't be carried out (role `operations`)."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from backbone.http.access import Operator, Running
from backbone.http.calls import Documents
from backbone.http.operations import Skipped
from backbone.http.problems import not_found
from backbone.http.routes import get, post
from backbone.log.undeliverable import Undeliverable
from backbone.model.service import Route
from backbone.store.postgres import PostgresStore


class SentAgain(BaseModel):
    """How many rows will be tried again. What is refused again comes back to the list."""

    again: int


async def of_service(running: Running) -> Undeliverable:
    assert isinstance(running.store, PostgresStore)
    return Undeliverable(running.engine, running.store, running.clock)


Waiting = Annotated[Undeliverable, Depends(of_service)]


async def list_undeliverable(caller: Operator, waiting: Waiting) -> Documents:
    """Places at which something waits, oldest first. A place is a topic, `topic/key`, or `effect/kind/id`."""
    return [place._asdict() for place in await waiting.places()]


async def show_undeliverable(caller: Operator, waiting: Waiting, place: str) -> Documents:
    """What waits at a place and why; never its content."""
    rows = await waiting.show(place)
    if not rows:
        raise not_found("place")
    return [row._asdict() for row in rows]


async def send_undeliverable_again(caller: Operator, waiting: Waiting, place: str) -> SentAgain:
    """Send all of the place again, in order."""
    return SentAgain(again=await waiting.retry(place, caller.actor))


async def drop_undeliverable(caller: Operator, waiting: Waiting, place: str) -> Skipped:
    """Drop the first row of the place for good; the journal keeps who did."""
    skipped = await waiting.skip(place, caller.actor)
    if skipped is None:
        raise not_found("place")
    return Skipped(skipped=skipped)


ROUTES: tuple[Route, ...] = (
    get("/undeliverable", list_undeliverable, Documents),
    get("/undeliverable/{place:path}", show_undeliverable, Documents),
    post("/undeliverable/{place:path}/retry", send_undeliverable_again, SentAgain),
    post("/undeliverable/{place:path}/skip", drop_undeliverable, Skipped),
)
