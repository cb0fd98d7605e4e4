"""HTTP routes of items: run a query, or give a command. No rules."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi.responses import Response

from backbone.engine.runtime import Runtime
from backbone.http.access import STAFF, Running, thing
from backbone.http.calls import Call, Calling, Knowing, answer_with, response_of
from backbone.http.history import history
from backbone.http.identity import Caller
from backbone.http.resources import Resource
from backbone.http.routes import get, post
from backbone.model import Command, Route, Snapshot
from services.worklist.item.aggregate import ITEM
from services.worklist.item.commands import (
    ClaimItem,
    EscalateByLead,
    HoldItem,
    KeepItem,
    ReleaseItem,
    ReprioritiseByLead,
    ResumeItem,
    TransferItem,
    UndoTransition,
)
from services.worklist.item.decide.movements import takers
from services.worklist.item.documents import (
    Actions,
    History,
    Hold,
    ItemDocument,
    Priority,
    Release,
    Transfer,
    item_document,
)
from services.worklist.item.states import Opened
from services.worklist.rules import Rules

Item = Annotated[
    Snapshot[Opened],
    thing(ITEM, "item_id", STAFF._replace(sees=lambda caller, item: isinstance(item.state, Opened))),
]
"""For staff. What was never opened is not there."""


def where_to(state: Opened, command: type[Command], rules: Rules) -> Mapping[str, Any]:
    """The queues that a transfer may go to."""
    if command is not TransferItem:
        return {}
    queues = takers(state.item, rules)
    nowhere = {"allowed": False, "reason": f"no other queue takes {state.item.item_type}"}
    return {"queues": queues} | ({} if queues else nowhere)


def items(running: Runtime) -> Resource[Any]:
    """Items as they are shown now: being overdue is a question of the time. Each was opened: `Item` sees to it."""
    now = running.clock.now()
    return Resource(
        ITEM,
        lambda item, caller: item_document(item.state, now, running.rules),
        besides=where_to,
        refused_as="item",
        kind="work",
    )


async def give(call: Call, item: Snapshot[Opened], command: Command) -> Response:
    """To the item as the caller saw it."""
    return await items(call.runtime).give(call, item, command)


async def get_item(running: Running, caller: Caller, item: Item) -> Response:
    """The item as it stands; its ETag is what commands send as If-Match."""
    return items(running).seen(item, caller)


async def get_item_history(running: Running, caller: Caller, item: Item) -> Response:
    """Everything that happened to it, oldest first: what, when, by whom, because of what."""
    changes = await history(running, ITEM.kind, item.id)
    return response_of(answer_with(item, {"item_id": item.id, "changes": changes}))


async def get_item_actions(call: Calling, item: Item) -> Response:
    """What can be done with it now, and by whom."""
    return items(call.runtime).actions(call, item, item_id=item.id)


async def claim_item(item: Item, call: Knowing) -> Response:
    """Take it. Of two claims one wins; the other is shown the winner."""
    return await give(call, item, ClaimItem())


async def keep_item(item: Item, call: Knowing) -> Response:
    """Say that you still work on it: it does not go back to the queue yet."""
    return await give(call, item, KeepItem())


async def release_item(item: Item, call: Knowing, body: Release | None = None) -> Response:
    """Give it back, to its old place in the queue."""
    return await give(call, item, ReleaseItem((body or Release()).reason))


async def transfer_item(item: Item, call: Knowing, body: Transfer) -> Response:
    """Hand it to another queue that takes its type; its waiting time goes on."""
    return await give(call, item, TransferItem(body.queue, body.reason))


async def hold_item(item: Item, call: Knowing, body: Hold) -> Response:
    """It can't go on before this day. What is about safety can't be held."""
    return await give(call, item, HoldItem(**body.model_dump()))


async def resume_item(item: Item, call: Knowing) -> Response:
    """It can go on before its day."""
    return await give(call, item, ResumeItem())


async def escalate_item(item: Item, call: Knowing) -> Response:
    """One level up."""
    return await give(call, item, EscalateByLead())


async def reprioritise_item(item: Item, call: Knowing, body: Priority) -> Response:
    """Say how urgent it is."""
    return await give(call, item, ReprioritiseByLead(body.priority))


async def undo_transition(item: Item, call: Knowing) -> Response:
    """Take the latest claim, release, hold or transfer back, within the undo window."""
    return await give(call, item, UndoTransition())


ROUTES: tuple[Route, ...] = (
    get("/items/{item_id}", get_item, ItemDocument, reads="work"),
    get("/items/{item_id}/history", get_item_history, History, reads="work"),
    get("/items/{item_id}/actions", get_item_actions, Actions, reads="work"),
    post("/items/{item_id}/claim", claim_item, ItemDocument),
    post("/items/{item_id}/keep", keep_item, ItemDocument),
    post("/items/{item_id}/release", release_item, ItemDocument),
    post("/items/{item_id}/transfer", transfer_item, ItemDocument),
    post("/items/{item_id}/hold", hold_item, ItemDocument),
    post("/items/{item_id}/resume", resume_item, ItemDocument),
    post("/items/{item_id}/escalate", escalate_item, ItemDocument),
    post("/items/{item_id}/priority", reprioritise_item, ItemDocument),
    post("/items/{item_id}/undo", undo_transition, ItemDocument),
)
