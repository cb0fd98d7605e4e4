"""HTTP routes of the queues: run a query, or give a command. No rules."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict

from backbone.engine.runtime import Outcome, Runtime
from backbone.http.calls import PROBLEM, Calling, Document, answer_with, load, response_of
from backbone.http.identity import Caller, Principal
from backbone.http.problems import Problem, of_refusal
from backbone.model import Command, one
from backbone.store.live import read_cursor as read_place
from backbone.store.rows import Answer
from schemas.codes import Queue
from schemas.topics import queue_topic
from services.worklist.domain.item.actions import possible_actions
from services.worklist.domain.item.rights import works_in
from services.worklist.item.aggregate import ITEM
from services.worklist.item.commands import (
    ClaimItem,
    ReleaseItem,
    ReleaseReason,
    Rights,
    TransferItem,
    TransferReason,
    UndoTransition,
)
from services.worklist.paging import Cursor, page, read_cursor
from services.worklist.queue.documents import (
    Actions,
    History,
    ItemDocument,
    QueuePage,
    Queues,
    item_document,
    row_document,
)
from services.worklist.queue.live import View
from services.worklist.queue.queries import Counts, counts, history, rows_of
from services.worklist.timeline.routes import timeline_routes


def staff(caller: Caller) -> Principal:
    """Queues are for the clinic's staff. Raises Problem 403."""
    if caller.kind != "user":
        raise Problem(403, "not-permitted", "Only staff of the clinic see its queues.")
    return caller


Staff = Annotated[Principal, Depends(staff)]


class Release(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: ReleaseReason = "not_needed_now"


class Transfer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    queue: Queue
    reason: TransferReason


async def command(call: Calling, item_id: str, order: Command) -> Response:
    """Give the command to the item as the caller saw it. A refusal shows the item as it stands."""
    now = call.runtime.clock.now()
    snapshot = await load(call.runtime, ITEM, item_id)
    item_document(snapshot, now)

    def answered(outcome: Outcome) -> Answer:
        found = outcome.one(ITEM)
        document = item_document(found, now)
        if outcome.refusal is not None:
            parked = {"parked": True} if outcome.parked else {}
            return of_refusal(outcome.refusal, item=document, **parked).answer()
        return answer_with(found, document, parked=outcome.parked)

    send = ITEM.send(order, to=one(snapshot.id), expecting=call.seen())
    return response_of(await call.runtime.order(call.cause(), [send], answered, call.once))


def runtime_of(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


def rights_of(caller: Principal) -> Rights:
    """From the verified token, never from a body."""
    return Rights(caller.roles, caller.disciplines)


def reading(body: Document, request: Request, at: datetime | None = None) -> Response:
    """A body with an ETag of its content; 304 when the caller has it already."""
    etag = f'"{sha256(msgspec.json.encode(body)).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"etag": etag})
    shown: dict[str, Any] = body | ({"at": at} if at else {})
    return Response(msgspec.json.encode(shown), headers={"etag": etag}, media_type="application/json")


async def queues(request: Request, caller: Staff) -> Response:
    """All queues, with how much is open in each."""
    runtime = runtime_of(request)
    async with runtime.connection() as connection:
        found = await counts(connection, runtime.clock.now())
    rights, rules = rights_of(caller), runtime.rules
    summaries = [
        {"queue": queue, "yours": works_in(queue, rights, rules)}
        | msgspec.to_builtins(found.get(queue_topic(queue), Counts()))
        for queue in rules.queues
    ]
    return reading({"queues": summaries}, request)


async def queue_page(
    request: Request,
    caller: Staff,
    queue: Queue,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
) -> Response:
    """The queue in its order; claimed items stand after those that wait."""
    runtime = runtime_of(request)
    place = read_cursor(cursor) if cursor else Cursor(runtime.clock.now(), [])
    async with runtime.connection() as connection:
        rows = await rows_of(connection, queue)
    shown, following = page(rows, place, limit, runtime.rules)
    items = [row_document(row, place.at, runtime.rules) for row in shown]
    return reading({"queue": queue, "items": items, "next": following}, request, at=place.at)


async def queue_stream(
    request: Request,
    caller: Staff,
    queue: Queue,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[str | None, Query(description="As Last-Event-ID, for a rebuilt EventSource")] = None,
) -> StreamingResponse:
    """Server-sent events: `reset` with all rows, then `item`, `gone` and `beat`; nothing is skipped."""
    view = View(runtime_of(request), request.app.state.feed, queue)
    frames = view.frames(read_place(last_event_id or after))
    return StreamingResponse(frames, media_type="text/event-stream", headers={"cache-control": "no-store"})


async def item(request: Request, caller: Staff, item_id: str) -> Response:
    """The item as it stands; its ETag is what commands send as If-Match."""
    runtime = runtime_of(request)
    snapshot = await load(runtime, ITEM, item_id)
    return response_of(answer_with(snapshot, item_document(snapshot, runtime.clock.now())))


async def item_history(request: Request, caller: Staff, item_id: str) -> Response:
    """Everything that happened to it, oldest first: what, when, by whom, because of what."""
    runtime = runtime_of(request)
    snapshot = await load(runtime, ITEM, item_id)
    async with runtime.connection() as connection:
        changes = await history(connection, snapshot.id)
    return response_of(answer_with(snapshot, {"item_id": snapshot.id, "changes": changes}))


async def item_actions(request: Request, caller: Staff, item_id: str) -> Response:
    """What can be done with it now, and by whom."""
    runtime = runtime_of(request)
    snapshot = await load(runtime, ITEM, item_id)
    now, rights = runtime.clock.now(), rights_of(caller)
    actions = possible_actions(snapshot.state, caller.actor, rights, now, runtime.rules)
    body = {"item_id": snapshot.id, "version": snapshot.version, "actions": actions}
    return response_of(answer_with(snapshot, body))


async def claim(call: Calling, caller: Staff, item_id: str) -> Response:
    """Take it. Of two claims one wins; the other is shown the winner."""
    return await command(call, item_id, ClaimItem(rights_of(caller)))


async def release(call: Calling, caller: Staff, item_id: str, body: Release | None = None) -> Response:
    """Give it back, to its old place in the queue."""
    return await command(call, item_id, ReleaseItem(rights_of(caller), (body or Release()).reason))


async def transfer(call: Calling, caller: Staff, item_id: str, body: Transfer) -> Response:
    """Hand it to another queue that takes its type; its waiting time goes on."""
    return await command(call, item_id, TransferItem(rights_of(caller), body.queue, body.reason))


async def undo(call: Calling, caller: Staff, item_id: str) -> Response:
    """Take the latest claim, release or transfer back, within the undo window."""
    return await command(call, item_id, UndoTransition(rights_of(caller)))


ROUTES: tuple[tuple[str, str, Callable[..., Any], type[BaseModel] | None], ...] = (
    ("GET", "/queues", queues, Queues),
    ("GET", "/queues/{queue}", queue_page, QueuePage),
    ("GET", "/queues/{queue}/stream", queue_stream, None),
    ("GET", "/items/{item_id}", item, ItemDocument),
    ("GET", "/items/{item_id}/history", item_history, History),
    ("GET", "/items/{item_id}/actions", item_actions, Actions),
    ("POST", "/items/{item_id}/claim", claim, ItemDocument),
    ("POST", "/items/{item_id}/release", release, ItemDocument),
    ("POST", "/items/{item_id}/transfer", transfer, ItemDocument),
    ("POST", "/items/{item_id}/undo", undo, ItemDocument),
)


def routes() -> APIRouter:
    """Everything under /queues, /items and /patients."""
    router = APIRouter(responses=PROBLEM)
    for method, path, handler, model in ROUTES:
        router.add_api_route(path, handler, methods=[method], response_model=model, tags=[path.split("/")[1]])
    router.include_router(timeline_routes())
    return router
