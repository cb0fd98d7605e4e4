"""One kind of thing over HTTP: what is shown of it, how it is changed, what may be done with it. One shape for all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from fastapi.responses import Response
from pydantic import BaseModel, Field

from backbone.engine.runtime import Outcome
from backbone.http.calls import Call, Document, answer_with, response_of
from backbone.http.disclosure import purpose_for
from backbone.http.identity import Principal
from backbone.model.aggregate import Aggregate, Order, Send, one, tag_of
from backbone.model.decision import ENGINES_OWN, Command, Given, Refused, TooEarly
from backbone.model.marks import as_far_as
from backbone.model.rights import Group, group_of, permits
from backbone.model.snapshot import Snapshot
from backbone.store.rows import Answer

S = TypeVar("S")
Show = Callable[[Snapshot[S], Principal], Document]
Besides = Callable[[S, type[Command], Any], Mapping[str, Any]]


def state(snapshot: Snapshot[Any], caller: Principal) -> Document:
    """The stored state as it is, without what the engine keeps in it."""
    body: Document = msgspec.to_builtins(snapshot.state)
    body.pop(ENGINES_OWN, None)
    return body | {"patient_id": snapshot.lane_key, "referral_id": snapshot.pathway_id}


def without(*names: str) -> Show[Any]:
    """The stored state but for what a caller may not read who may know of the thing."""

    def show(snapshot: Snapshot[Any], caller: Principal) -> Document:
        return {name: value for name, value in state(snapshot, caller).items() if name not in names}

    return show


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """`allowed`: to the one who asks, as things stand, otherwise the `reason`. The lists: who may at all."""

    action: str
    allowed: bool
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    reason: str | None = None


class ActionDocument(BaseModel):
    """`allowed`: to the one who asks, as things stand, otherwise the `reason`."""

    action: str
    allowed: bool
    roles: list[str] = Field(default=[], description="Staff roles that may")
    kinds: list[str] = Field(default=[], description="Other kinds of callers that may")
    disciplines: list[str] = Field(default=[], description="Staff of these may")
    persons: list[str] = Field(default=[], description="Staff by id")
    reason: str | None = None


class Actions(BaseModel):
    version: int
    actions: list[ActionDocument]


def nothing(state: Any, command: type[Command], rules: Any) -> Mapping[str, Any]:
    return {}


class UnverifiedDocument(BaseModel):
    """A rule that nobody has verified helped to make this what it is."""

    rule: str = Field(description="Id and version")
    part: str | None = Field(None, description="What of it, where the rest is verified")


class Resource(Generic[S]):
    """`show` is what a caller who may know of the thing is shown of it; its id and version are added,
    and for staff the rules that nobody has verified where they helped to make it what it is: with the part of a rule
    that is meant, where what is shown says it.

    `besides(state, command, rules)` is what else is said of an action. A refusal shows the thing as it stands in the
    field `refused_as`, if there is one, to those who may read such content (`kind`) without being asked what for.
    """

    def __init__(
        self,
        aggregate: Aggregate[S],
        show: Show[S] = state,
        *,
        besides: Besides[S] = nothing,
        refused_as: str | None = None,
        kind: str = "",
    ) -> None:
        self.aggregate = aggregate
        self._show = show
        self._besides = besides
        self._refused_as = refused_as
        self._kind = kind

    def document(self, snapshot: Snapshot[S], caller: Principal) -> Document:
        shown = self._show(snapshot, caller) | {"id": snapshot.id, "version": snapshot.version}
        of_staff = snapshot.unverified if caller.kind == "user" else ()
        marked = [*shown.get("unverified", ()), *(mark._asdict() for mark in as_far_as(shown, of_staff))]
        return shown | ({"unverified": marked} if marked else {})

    def seen(self, snapshot: Snapshot[S], caller: Principal, **more: Any) -> Response:
        """An answer that changed nothing, with the version as ETag."""
        return response_of(answer_with(snapshot, self.document(snapshot, caller) | more))

    def changed(self, caller: Principal, status: int = 200) -> Callable[[Outcome], Answer]:
        """The thing as it is after the orders."""

        def answer(outcome: Outcome) -> Answer:
            snapshot = outcome.one(self.aggregate)
            return answer_with(
                snapshot, self.document(snapshot, caller), status=status, parked=outcome.parked
            )

        return answer

    def send(self, call: Call, snapshot: Snapshot[S], command: Command) -> Send:
        """The command to the thing, under the version that the caller saw, if they say."""
        return self.aggregate.send(command, to=one(snapshot.id), expecting=call.expecting)

    async def give(self, call: Call, snapshot: Snapshot[S], command: Command) -> Response:
        """One command; the thing as it is then."""
        return await self.order(call, self.send(call, snapshot, command))

    async def order(self, call: Call, order: Order | Send) -> Response:
        """A group of commands, one of them to a thing of this kind; the thing as it is then."""

        def standing(outcome: Outcome) -> Document:
            if self._refused_as is None or purpose_for(call.runtime, call.caller, self._kind) is None:
                return {}
            return {self._refused_as: self.document(outcome.one(self.aggregate), call.caller)}

        return await call.give(order, answer=self.changed(call.caller), refused=standing)

    def actions(self, call: Call, snapshot: Snapshot[S], **more: Any) -> Response:
        """What may be done with this version now, and by whom: read from the deciders themselves."""
        given = Given("", snapshot.id, call.runtime.clock.now(), call.caller.actor, call.runtime.rules)
        given.rights, given.version, given.lane_key = call.caller.rights, snapshot.version, snapshot.lane_key
        offered = list(self._actions(snapshot.state, given))
        return response_of(answer_with(snapshot, {"actions": offered, "version": snapshot.version} | more))

    def _actions(self, state: S, given: Given[Any]) -> Iterable[Document]:
        for command in self.aggregate.decide.answers(type(state)):
            decide = self.aggregate.decide.rows[type(state), command]
            group = group_of(decide, state, given.rules)
            if group is not None:
                action: Document = msgspec.to_builtins(self._action(state, command, group, given))
                yield {**action, **self._besides(state, command, given.rules)}

    def _action(self, state: S, command: type, group: Group, given: Given[Any]) -> Action:
        permitted = permits(group, given.actor, given.rights, given.rules)
        reason = self._refusal(state, command, given) if permitted else None
        return Action(
            tag_of(command),
            permitted and reason is None,
            **{name: tuple(sorted(getattr(group, name))) for name in WHO},
            reason=reason,
        )

    def _refusal(self, state: S, command: type, given: Given[Any]) -> str | None:
        """What the decider says to a command that needs no details, where it can say so from the state alone."""
        if command.__struct_fields__ != () and not all_optional(command):  # type: ignore[attr-defined]
            return None
        plain = command()
        if [*self.aggregate.reads(state, plain), *self.aggregate.needs(state, plain)]:
            return None
        decision = self.aggregate.decide.rows[type(state), command](state, plain, given)
        return decision.reason if isinstance(decision, Refused | TooEarly) else None


WHO = ("roles", "kinds", "disciplines", "persons")


def all_optional(command: type) -> bool:
    return all(not field.required for field in msgspec.structs.fields(command))


def told(ids: Mapping[str, Any], status: int = 201) -> Callable[[Outcome], Answer]:
    """The ids of what was made."""

    def answer(outcome: Outcome) -> Answer:
        parked = {"parked": True} if outcome.parked else {}
        return Answer(status, msgspec.json.encode({**ids, **parked}), {})

    return answer


def page(
    name: str, found: list[Any], limit: int, cursors: Sequence[str] | None = None, **more: Any
) -> Response:
    """A page of a list; `found` has one more than `limit` where there are more. `next` is the last id shown, or the
    cursor of the last one shown."""
    shown = found[:limit]
    if len(found) == len(shown):
        return reading({name: shown, **more})
    following = {"next": cursors[limit - 1] if cursors else shown[-1]["id"]}
    return reading({name: shown, **following, **more})


def reading(body: Document) -> Response:
    """An answer that changed nothing."""
    return Response(msgspec.json.encode(body), media_type="application/json")
