"""What routes share: giving one command, answering with the thing as it is now, ids of what a request makes."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import Request
from fastapi.responses import Response

from backbone.engine.runtime import Outcome, Runtime
from backbone.http.calls import Call, answer_with, load
from backbone.http.identity import Principal
from backbone.http.problems import Problem, checked_id, not_found
from backbone.model import Aggregate, Command, One, Snapshot, one
from backbone.store.rows import Answer


async def give(call: Call, aggregate: Aggregate[Any], aggregate_id: str, command: Command) -> Response:
    """One command to one thing, under the version that the caller saw, if they say."""
    snapshot = own(call.caller, await load(call.runtime, aggregate, checked_id(aggregate_id)))
    order = aggregate.send(command, to=one(snapshot.id), expecting=call.expecting)
    return await call.give(order, answer=changed(aggregate))


def own(caller: Principal, snapshot: Snapshot[Any]) -> Snapshot[Any]:
    """Raises Problem 404 for what belongs to another patient, or is no patient's and no business of one."""
    if caller.kind == "user" or (caller.kind == "patient" and snapshot.lane_key == caller.id):
        return snapshot
    raise not_found(snapshot.kind)


def belonging(thing: Snapshot[Any]) -> dict[str, One]:
    """What is made because of it belongs to its patient and its referral."""
    pathway = {"pathway": one(thing.pathway_id)} if thing.pathway_id else {}
    return {"about": one(str(thing.lane_key)), **pathway}


def changed(aggregate: Aggregate[Any]) -> Callable[[Outcome], Answer]:
    """The thing as it is now."""

    def answer(outcome: Outcome) -> Answer:
        snapshot = outcome.one(aggregate)
        return answer_with(snapshot, document(snapshot), parked=outcome.parked)

    return answer


def told(ids: dict[str, Any], status: int = 201) -> Callable[[Outcome], Answer]:
    """The ids of what was made."""

    def answer(outcome: Outcome) -> Answer:
        return Answer(status, msgspec.json.encode(ids | ({"parked": True} if outcome.parked else {})), {})

    return answer


def document(snapshot: Snapshot[Any]) -> dict[str, Any]:
    """The stored state with its ids and version."""
    ids = {"id": snapshot.id, "patient_id": snapshot.lane_key, "referral_id": snapshot.pathway_id}
    body: dict[str, Any] = msgspec.to_builtins(snapshot.state)
    return body | ids | {"version": snapshot.version}


def seen(snapshot: Snapshot[Any], **more: Any) -> Response:
    """An answer that changed nothing, with the version as ETag."""
    given = answer_with(snapshot, document(snapshot) | more)
    return Response(given.body, given.status, given.headers, "application/json")


def staffed(request: Request, caller: Principal) -> Runtime:
    """Raises Problem 403."""
    if caller.kind != "user":
        raise Problem(403, "not-permitted", "Only staff of the clinic see this.")
    runtime: Runtime = request.app.state.runtime
    return runtime
