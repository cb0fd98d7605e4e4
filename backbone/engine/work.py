"""What the engine works on and what it answers: work with its cause, refusals, poison, and what a fold made."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from backbone.engine.deferred import Deferred, DeferredGroups
from backbone.engine.working_set import Entry
from backbone.model.aggregate import Order, Send, Target, tag_of
from backbone.model.decision import Command, Content, Refused, TooEarly
from backbone.model.head import Cause, Event
from backbone.store.rows import Named
from backbone.tracing import kept, within


@dataclass(frozen=True, slots=True)
class Stale:
    """The sender saw another version than the one that stands."""

    expected: int
    current: int
    reason: str = "somebody changed this in the meantime"


Refusal = Refused | TooEarly | Stale


@dataclass(slots=True)
class Work:
    """Orders with their cause. `event`, `timer` or `effect` is set where one of these caused them."""

    cause: Cause
    orders: Sequence[Order]
    event: Event[Any] | None = None
    timer: Named | None = None
    effect: Named | None = None
    refusal: Refusal | None = None


class Poisoned(Exception):
    """Bugs or bad data: these pieces of work can't be decided. The others can."""

    def __init__(self, errors: Sequence[tuple[Work, Exception]]) -> None:
        self.errors = errors
        self.work, self.error = errors[0]
        super().__init__(f"{type(self.error).__name__}: {self.error}")


class Unread(Exception):
    """Content that is not loaded can't be taken for empty."""


class Stuck(Exception):
    """A bug: a group that had waited can't be decided. What woke it can."""

    def __init__(self, group: Deferred) -> None:
        self.group = group
        super().__init__(group.order_id)


@contextmanager
def waking(group: Deferred) -> Iterator[None]:
    """Raises Stuck for whatever it meets."""
    try:
        yield
    except Stuck:
        raise
    except Exception as error:
        raise Stuck(group) from error


class BelongsToNobody(Exception):
    """A bug: an order whose newborn has no lane or pathway, though its kind declares one. It needs `about`, `pathway`,
    or a cause that has them."""


def check_belonging(newborn: Entry, command: Command) -> None:
    """Raises BelongsToNobody."""
    kind = newborn.aggregate
    for declared, found, name in (
        (kind.has_lane, newborn.lane_key, "lane"),
        (kind.has_pathway, newborn.pathway_id, "pathway"),
    ):
        if declared is True and found is None:
            raise BelongsToNobody(f"{kind.kind} born of {type(command).__name__} without a {name}")


@dataclass(slots=True)
class Refusing:
    """A refusal that nobody is there to hear: kept beside the journal."""

    cause_id: str
    send: Send
    target: str
    refusal: Refusal


@dataclass(slots=True)
class Made:
    """What a fold brought about beside the states. `bodies` are all contents that it knows, by ref."""

    bodies: dict[str, bytes]
    deferred: DeferredGroups
    events: list[tuple[Entry, Event[Any]]] = field(default_factory=list)
    contents: list[tuple[Content, str | None]] = field(default_factory=list)
    refusals: list[Refusing] = field(default_factory=list)
    tells: bool = False
    """Somebody is told of spans."""
    causes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of each decision's trace, what caused it and what the command is called. Also of decisions that were undone."""

    def traced(self, cause: Cause, send: Send, identity: str) -> Cause:
        """Where somebody is told, facts are caused by their decision, and not at once by what asked for it."""
        if cause.traceparent is None or not (self.tells and kept(cause.traceparent)):
            return cause
        trace = within(cause.traceparent, identity)
        self.causes[trace] = cause.traceparent, tag_of(type(send.command))
        return replace(cause, traceparent=trace)


def checked(order: Order) -> Sequence[Send]:
    """The sends of a group. Raises TypeError: a second command of the same name to the same target has the id of the
    first, and would be taken for done."""
    said: dict[tuple[str, str, Target], Command] = {}
    for send in order.sends if len(order.sends) > 1 else ():
        kind, name = send.aggregate.kind, tag_of(type(send.command))
        if said.setdefault((kind, name, send.to), send.command) != send.command:
            raise TypeError(f"a group says {name} to one {kind} twice, and not the same: say it at once")
    return order.sends
