"""What is shown of people: for whom the table of rights says, and recorded before it is answered (PRV-11, PRV-23).

A route that declares what it `reads` runs inside `disclosed`. Its dependencies tell whose things they came to; what a
list shows is found in its answer. Refusals are recorded too.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Annotated, Any, get_args

import msgspec
from fastapi import Depends, Request
from fastapi.responses import Response

from backbone.engine.generic import kinds_of
from backbone.engine.glass import BrokenGlass, holds, latest_end
from backbone.engine.runtime import Runtime
from backbone.http.identity import Principal
from backbone.http.problems import Problem, unfit
from backbone.ids import identifier
from backbone.store.accesses import MOST_NAMED, Access
from config.access import PURPOSE_OF, PURPOSES, Purpose

PURPOSE = "x-purpose"
WHOSE = "patient_id"
"""In paths and answers."""
LONGEST = 300


class Reading:
    """One request that shows something of people."""

    def __init__(self, request: Request, kind: str) -> None:
        self.glass_id: str | None = None
        self.subjects: dict[str, None] = {}
        self._runtime: Runtime = request.app.state.runtime
        self._caller: Principal = request.state.caller
        self._correlation_id: str = request.state.correlation_id
        self._resource = printable(request.url.path)
        self._said = purpose_of(request)
        self._roles = roles_of(self._runtime, self._caller)
        self.turn_to(kind)
        self.name(request.path_params.get(WHOSE, ""))

    def turn_to(self, kind: str) -> None:
        """It is this kind of content that is read."""
        self.kind = kind
        self.purpose = self.purpose_for(kind)
        rights = self._runtime.rules.access
        self._breakable = self._caller.kind == "user" and rights.may_break_glass(kind, self._roles)

    def purpose_for(self, kind: str) -> Purpose | None:
        """What the caller may read such content for; None: nothing."""
        return purpose_for(self._runtime, self._caller, kind, self._said)

    def name(self, *lane_keys: str | None) -> None:
        """It is about these."""
        for lane_key in lane_keys:
            try:
                self.subjects[identifier((lane_key or "").lower())] = None
            except ValueError:
                continue

    def begin(self) -> None:
        """Raises Problem 403 for staff for whom it never is, before anything is looked up."""
        if self._caller.kind == "user" and self.purpose is None and not self._breakable:
            raise self.refusal()

    async def of(self, lane_key: str | None) -> None:
        """What is shown is this person's. Raises Problem 403 for whom it is not, unless they broke the glass."""
        self.name(lane_key)
        if self.purpose is None and self._breakable and lane_key is not None:
            await self._look_for_glass(lane_key)
        self.end()

    async def _look_for_glass(self, lane_key: str) -> None:
        aggregate, now = kinds_of(self._runtime.service)["break_glass"], self._runtime.clock.now()
        found = await self._runtime.find(aggregate, BrokenGlass.broken_by(self._caller.id))
        glass = latest_end([each for each in found if holds(each, lane_key, now)])
        if glass is not None:
            self.glass_id, self.purpose = glass.id, "treatment"

    def end(self) -> None:
        """Raises Problem 403 where nothing permits it."""
        if self.purpose is None:
            raise self.refusal()

    def refusal(self) -> Problem:
        rights = self._runtime.rules.access
        right, is_staff = rights.kinds[self.kind], self._caller.kind == "user"
        unsaid = [each for each in PURPOSES if is_staff and rights.purpose(self.kind, self._roles, each)]
        for_whom = "; ".join(f"{', '.join(right.may[each])} for {each}" for each in sorted(right.may))
        detail = f"You may not read this ({right.about}). Who may: {for_whom}.".replace("_", " ")
        if unsaid:
            detail += f" You may for {', '.join(unsaid)}: say it in X-Purpose."
        if self._breakable:
            detail += " In need, break the glass first: POST /break-glass of the person, with a reason."
        more: dict[str, Any] = {"glass": True} if self._breakable else {}
        return Problem(403, "not-permitted", detail, kind=self.kind, **more)

    async def record(self, *, refused: bool) -> None:
        """Committed when this returns."""
        access = Access(
            at=self._runtime.clock.now(),
            actor_kind=self._caller.kind,
            actor_id=printable(self._caller.id),
            roles=tuple(sorted(printable(role) for role in self._roles)),
            purpose=self.purpose,
            stated=self._said is not None,
            kind=self.kind,
            resource=self._resource,
            lane_keys=tuple(self.subjects)[:MOST_NAMED],
            refused=refused,
            glass_id=self.glass_id,
            correlation_id=self._correlation_id,
        )
        with self._runtime.store.retryable():
            await self._runtime.store.accesses.record(access)


def roles_of(runtime: Runtime, caller: Principal) -> frozenset[str]:
    """By the token, and of staff by the directory."""
    known = runtime.rules.staff.roles_of(caller.id) if caller.kind == "user" else ()
    return frozenset(caller.roles).union(known)


def purpose_for(
    runtime: Runtime, caller: Principal, kind: str, said: Purpose | None = None
) -> Purpose | None:
    """What the caller may read such content for; None: nothing."""
    rights = runtime.rules.access
    if caller.kind == "user":
        staff: Purpose | None = rights.purpose(kind, roles_of(runtime, caller), said)
        return staff
    return PURPOSE_OF[caller.kind] if rights.is_for(kind, caller.kind, said) else None


async def disclosed(
    request: Request, kind: str, handle: Callable[[Request], Awaitable[Response]]
) -> Response:
    """The answer, once it is recorded."""
    reading = request.state.reading = Reading(request, kind)
    try:
        reading.begin()
        answer = await handle(request)
        if not reading.subjects:
            reading.name(*named_in(answer))
        reading.end()
    except Problem as problem:
        if problem.status == 403 or (problem.status == 404 and reading.subjects):
            await reading.record(refused=True)
        raise
    if answer.status_code < 300:
        await reading.record(refused=False)
        labels = request.app.state.runtime.rules.access.kinds[reading.kind].security
        answer.headers["x-security-labels"] = ", ".join(labels)
    return answer


async def shown_again(request: Request, answer: Response) -> None:
    """A command that changed nothing, or was done before, is answered with how things stand: a read like any other."""
    kind = request.app.state.runtime.service.shows
    if kind is None or answer.status_code >= 300:
        return
    reading = Reading(request, kind)
    reading.name(*named_in(answer))
    if reading.subjects:
        await reading.record(refused=False)


def purpose_of(request: Request) -> Purpose | None:
    """What the caller says. Raises Problem 400 for a purpose that nobody knows."""
    said = request.headers.get(PURPOSE)
    if said is None:
        return None
    for purpose in PURPOSES:
        if said == purpose:
            return purpose
    detail = f"X-Purpose is one of: {', '.join(get_args(Purpose))}."
    raise unfit("unknown-purpose", detail, "x-purpose", "header")


async def reading_of(request: Request) -> Reading | None:
    found: Reading | None = getattr(request.state, "reading", None)
    return found


Reads = Annotated[Reading | None, Depends(reading_of)]
"""The reading that a declared route runs in; nothing for what changes things: the journal names who did."""


def may_read(reads: Reading | None, kind: str) -> bool:
    """May the caller read such content besides what the route reads?"""
    return reads is not None and reads.purpose_for(kind) is not None


def named_in(answer: Response) -> Iterable[str]:
    """Whose things a list shows; a view that stays open names nobody."""
    body = getattr(answer, "body", b"")
    return dict.fromkeys(whose(msgspec.json.decode(body))) if body else ()


def whose(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(found := value.get(WHOSE), str):
            yield found
        for each in value.values():
            yield from whose(each)
    elif isinstance(value, list):
        for each in value:
            yield from whose(each)


def printable(text: str) -> str:
    """As much of it as a table takes."""
    return "".join(each if each.isprintable() else "?" for each in text)[:LONGEST]
