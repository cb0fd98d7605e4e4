"""Access by declaration: a route names who may use it and what it is about, and gets only what the caller may see.

Whoever may not know of a thing is told that there is none (404), before its version, its contents or its neighbours
are looked at. What may be *done* with it, its deciders say.
"""

from collections.abc import Callable, Collection
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Path, Request
from msgspec.structs import replace

from backbone.engine.runtime import Runtime
from backbone.http.disclosure import Reads
from backbone.http.identity import Caller, Principal, requires
from backbone.http.problems import Problem, checked_id, not_found
from backbone.ids import CANONICAL
from backbone.model.aggregate import Aggregate
from backbone.model.rights import Group, permits
from backbone.model.snapshot import Snapshot


class Audience(NamedTuple):
    """Who may know of a thing. Callers of other `kinds` are told that it is not for them, and nothing is looked up;
    of the others, those for whom `sees` holds."""

    name: str
    sees: Callable[[Principal, Snapshot[Any]], bool]
    kinds: frozenset[str] | None = None


STAFF = Audience("staff", lambda caller, thing: True, frozenset({"user"}))
OWN = Audience("staff, and the person whose it is", lambda caller, thing: is_own(caller, thing.lane_key))


def is_own(caller: Principal, lane_key: str | None) -> bool:
    """Staff see what is anybody's; a person what is theirs."""
    return caller.kind == "user" or (caller.kind == "patient" and lane_key in caller.records)


async def with_records(request: Request, caller: Principal) -> Principal:
    """The caller with every record that is theirs now: a patient may be known under several (PRV-31)."""
    if caller.kind != "patient" or not CANONICAL.fullmatch(caller.id):
        return caller
    return replace(caller, others=(await (await runtime(request)).records(caller.id))[1:])


async def runtime(request: Request) -> Runtime:
    found: Runtime = request.app.state.runtime
    return found


Running = Annotated[Runtime, Depends(runtime)]
"""The service's runtime, for queries."""


def thing(aggregate: Aggregate[Any], path: str, audience: Audience) -> Any:
    """The dependency of a route about one thing: its snapshot, by the id that the path names.

    Raises Problem 403 where nothing of the kind is for such callers, 404 for what the caller may not know of.
    """

    async def seen(
        caller: Caller, running: Running, reads: Reads, thing_id: Annotated[str, Path(alias=path)]
    ) -> Snapshot[Any]:
        for_kinds(caller, audience.kinds, audience.name)
        snapshot = await running.load(aggregate, checked_id(thing_id))
        if reads is not None and snapshot is not None:
            reads.name(snapshot.lane_key)
        if snapshot is None or not audience.sees(caller, snapshot):
            raise not_found(aggregate.kind)
        if reads is not None:
            await reads.of(snapshot.lane_key)
        return snapshot

    return Depends(seen)


def Mine(aggregate: Aggregate[Any], path: str) -> Any:  # noqa: N802 (reads as the type that it stands for)
    """Staff, and the person whose it is."""
    return thing(aggregate, path, OWN)


def StaffOf(aggregate: Aggregate[Any], path: str) -> Any:  # noqa: N802
    """Staff only."""
    return thing(aggregate, path, STAFF)


def Themselves(path: str) -> Any:  # noqa: N802
    """The id in the path, for staff and for the person whose id it is. Raises Problem 404."""

    async def own(caller: Caller, reads: Reads, person: Annotated[str, Path(alias=path)]) -> str:
        checked = checked_id(person)
        if not is_own(caller, checked):
            raise not_found("person")
        if reads is not None:
            await reads.of(checked)
        return checked

    return Depends(own)


def Records(path: str) -> Any:  # noqa: N802
    """All ids of the person whose id is in the path, that one first; for staff and for the person. Raises Problem
    404."""

    async def records(
        running: Running, reads: Reads, person: Annotated[str, Themselves(path)]
    ) -> tuple[str, ...]:
        found = await running.records(person)
        if reads is not None:
            reads.name(*found)
        return found

    return Depends(records)


def only(*kinds: str, name: str) -> Any:
    """Callers of these kinds. Raises Problem 403."""

    async def check(caller: Caller) -> Principal:
        for_kinds(caller, kinds, name)
        return caller

    return Depends(check)


def members(group: Group) -> Any:
    """Staff of the group, by token or directory. Raises Problem 403."""

    async def check(caller: Caller, running: Running) -> Principal:
        if not permits(group, caller.actor, caller.rights, running.rules):
            raise Problem(403, "not-permitted", f"Only {group.name} may do this.")
        return caller

    return Depends(check)


def for_kinds(caller: Principal, kinds: Collection[str] | None, name: str) -> None:
    if kinds is not None and caller.kind not in kinds:
        raise Problem(403, "not-permitted", f"This is for {name} only.")


Staff = Annotated[Principal, only("user", name="staff")]
Operator = Annotated[Principal, Depends(requires("operations"))]
