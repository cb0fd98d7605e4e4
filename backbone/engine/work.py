"""What the engine works on and what it answers: work with its cause, refusals, poison, and what a fold made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backbone.engine.deferred import Waiting
from backbone.engine.working_set import Entry
from backbone.model.aggregate import Lookup, Order, Send
from backbone.model.column import AllOf
from backbone.model.decision import Content, Refused, TooEarly
from backbone.model.head import Cause, Event
from backbone.store.rows import DeferredRow


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
    timer: tuple[str, str] | None = None
    effect: tuple[str, str] | None = None
    refusal: Refusal | None = None


class Poisoned(Exception):
    """Bugs or bad data: these pieces of work can't be decided. The others can."""

    def __init__(self, errors: Sequence[tuple[Work, Exception]]) -> None:
        self.errors = errors
        self.work, self.error = errors[0]
        super().__init__(f"{type(self.error).__name__}: {self.error}")


@dataclass(slots=True)
class Refusing:
    """A refusal that nobody is there to hear: kept beside the journal."""

    cause_id: str
    send: Send
    target: str
    refusal: Refusal


@dataclass(slots=True)
class Made:
    """What a fold brought about beside the states."""

    events: list[tuple[Entry, Event[Any]]] = field(default_factory=list)
    contents: list[tuple[Content, str | None]] = field(default_factory=list)
    refusals: list[Refusing] = field(default_factory=list)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    resumed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What was loaded for a run: ids by lookup, contents by ref, groups that wait, by aggregate id."""

    lookups: Mapping[Lookup, str]
    selectors: frozenset[tuple[str, AllOf]]
    contents: Mapping[str, bytes]
    deferred: Sequence[DeferredRow]
