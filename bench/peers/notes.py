"""The contender of the guards: the job of `huddle.py` with a note in each fact, asked for over HTTP as well, and read
with and without a record of who read."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

from fastapi.responses import Response

from backbone.http.access import Staff, StaffOf
from backbone.http.calls import Calling
from backbone.http.problems import checked_id
from backbone.http.resources import Resource
from backbone.http.routes import get, post
from backbone.model import (
    Aggregate,
    Content,
    Decision,
    Given,
    Service,
    Snapshot,
    State,
    Table,
    on,
    one,
    together,
)
from backbone.process import main
from bench.job import ItemAsked
from bench.peers import huddle
from bench.peers.huddle import OpenItem, close, closed, follow, open_item, opened, update, updated
from config.files import ClinicFiles
from config.loading import load

NOTE = b'"%s"' % (b"Sleeps four hours, walks with a stick, wants to lift her grandchild again. " * 5)
"""About as long as what people write."""


def with_a_note(decide: Callable[..., Any]) -> Callable[..., Decision]:
    @wraps(decide)
    def noted(state: Any, command: Any, given: Given[Any]) -> Decision:
        return [Content(given.ref("note"), "note", NOTE), *decide(state, command, given)]

    return noted


ITEM = Aggregate[State](
    huddle.ITEM.kind,
    huddle.ITEM.initial,
    decide=Table(*(with_a_note(decide) for decide in (open_item, update, close))),
    evolve=Table(opened, updated, closed),
    has_pathway=False,
)
SHOWN = Resource(ITEM)
Item = Annotated[Snapshot[State], StaffOf(ITEM, "item_id")]


async def open_one(call: Calling, caller: Staff, patient_id: str, item_id: str) -> Response:
    """A command of a person."""
    send = ITEM.send(OpenItem(note=1), to=one(checked_id(item_id)))
    return await SHOWN.order(call, together(send, about=one(checked_id(patient_id))))


async def get_recorded(call: Calling, item: Item) -> Response:
    return SHOWN.seen(item, call.caller)


async def get_unrecorded(call: Calling, item: Item) -> Response:
    return SHOWN.seen(item, call.caller)


ROUTES = (
    post("/patients/{patient_id}/items/{item_id}", open_one, ITEM),
    get("/items/{item_id}", get_recorded, ITEM, reads="plan"),
    get("/items/{item_id}/unrecorded", get_unrecorded, ITEM),
)


def rules(folder: Path) -> ClinicFiles:
    return load(folder, ClinicFiles)


if __name__ == "__main__":
    name, reactions = os.environ["BENCH_NAME"], (on(ItemAsked, follow),)
    main(Service(name, (ITEM,), reactions, routes=ROUTES, load_rules=rules))
