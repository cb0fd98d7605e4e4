"""HTTP routes of queues: what is open, as lists, pages and views that stay open. No rules."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

import msgspec
from fastapi import Header, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from backbone.engine.runtime import Runtime
from backbone.http.access import Running, Staff
from backbone.http.calls import Document
from backbone.http.identity import Principal
from backbone.http.routes import get
from backbone.http.views import Feed, Following, View
from backbone.model import Route, permits
from schemas.codes import Queue
from schemas.topics import QUEUES, queue_topic
from services.worklist.offers.documents import offers
from services.worklist.past.queries import check_past, rows_then
from services.worklist.queue import queries
from services.worklist.queue.documents import Cursor, QueuePage, Queues, hidden_from, page, read_cursor
from services.worklist.queue.live import drawing
from services.worklist.queue.queries import Counts
from services.worklist.roles import works_in

ONE_OF_THEM = f"(?:{'|'.join(QUEUES)})"
SEVERAL = f"^{ONE_OF_THEM}(?:,{ONE_OF_THEM}){{0,{len(QUEUES) - 1}}}$"


def unless_known(body: Document, request: Request, at: datetime | None = None) -> Response:
    """A body with an ETag of its content; 304 when the caller has it already."""
    etag = f'"{sha256(msgspec.json.encode(body)).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"etag": etag})
    shown = body | ({"at": at} if at else {})
    return Response(msgspec.json.encode(shown), headers={"etag": etag}, media_type="application/json")


async def list_queues(request: Request, running: Running, caller: Staff) -> Response:
    """All queues: how much is open in each, and what the caller may do there."""
    async with running.connection() as connection:
        found = await queries.counts(connection, running.clock.now())
    rules = running.rules
    summaries = [
        {
            "queue": queue,
            "yours": permits(works_in(queue, rules), caller.actor, caller.rights, rules),
            "can": offers(queue, caller.actor, caller.rights, rules),
        }
        | msgspec.to_builtins(found.get(queue_topic(queue), Counts()))
        for queue in rules.queues
    ]
    return unless_known({"queues": summaries}, request)


async def get_queue(
    request: Request,
    running: Running,
    caller: Staff,
    queue: Queue,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    order: Annotated[Literal["grouped", "strict"], Query(description="`strict`: without groups")] = "grouped",
    at: Annotated[AwareDatetime | None, Query(description="As it was then")] = None,
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
) -> Response:
    """The queue in its order, as it is or as it was; claimed items stand after those that wait."""
    now = running.clock.now()
    place = read_cursor(cursor) if cursor else Cursor(at or now, strict=order == "strict")
    if at is not None:
        check_past(place.at, now)
    async with running.connection() as connection:
        found = rows_then(connection, queue, place.at) if at else queries.rows_of(connection, queue)
        rows = await found
    items, following = page(rows, place, limit, running.rules, hidden_from(caller, running.rules))
    return unless_known({"queue": queue, "items": items, "next": following}, request, at=place.at)


async def follow_queue(
    following: Following,
    running: Running,
    caller: Staff,
    queue: Queue,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[str | None, Query(description="As Last-Event-ID, for a rebuilt EventSource")] = None,
) -> View:
    """Server-sent events: `reset` with all rows, then `item`, `gone` and `beat`; nothing is skipped."""
    return view_of((queue,), following, running, caller, last_event_id or after)


async def follow_queues(
    following: Following,
    running: Running,
    caller: Staff,
    queues: Annotated[str, Query(pattern=SEVERAL, description="Names of queues, joined by commas")],
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[str | None, Query(description="As Last-Event-ID, for a rebuilt EventSource")] = None,
) -> View:
    """Several queues over one connection, as one is told; a place of other queues than these begins with `reset`."""
    return view_of(set(queues.split(",")), following, running, caller, last_event_id or after)


def view_of(
    queues: Collection[str], following: Feed, running: Runtime, caller: Principal, last: str | None
) -> View:
    """One view; its channel is shared by whoever follows the same queues."""
    topics = [queue_topic(queue) for queue in queues]
    hidden = hidden_from(caller, running.rules)
    draw, form = drawing(running, hidden), " ".join(sorted(hidden))
    channel = following.channel(topics, draw, running.clock.now, form)
    return View(channel, following.seats, caller, last)


ROUTES: tuple[Route, ...] = (
    get("/queues", list_queues, Queues),
    get("/queues/{queue}", get_queue, QueuePage, reads="board"),
    get("/queues/{queue}/stream", follow_queue, reads="board", kind="text/event-stream"),
    get("/stream", follow_queues, reads="board", kind="text/event-stream"),
)
