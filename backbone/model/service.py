"""The vocabulary of service authors: a service is a table of contents over aggregates, reactions and intakes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from backbone.model.aggregate import Aggregate, Orders
from backbone.model.decision import Command
from backbone.model.disclosure import Disclosure, nothing_sent
from backbone.model.head import Cause
from backbone.model.invalid import WrongField
from backbone.model.table import by_name
from backbone.telemetry import Figure
from schemas.fact import Fact

Reaction = Callable[[Any, Any], Orders]


class EffectCall(NamedTuple):
    """An effect whose turn it is. `id` is the same at every attempt: what the outside knows a repetition by.

    `attempt` counts from 1; from 2 on the outside may have seen it already. `contents` are by ref, what is erased is
    not among them.
    """

    id: str
    kind: str
    aggregate_id: str
    body: bytes
    contents: Mapping[str, bytes]
    attempt: int


class Handler(NamedTuple):
    """How one kind of effect is carried out; each kind has a queue of its own.

    `carry_out` answers with the command that tells the aggregate what came of it. It raises Retryable, OSError or
    TimeoutError where the same call may succeed later. `give_up` is the answer when it did so too often, or raised
    anything else; it is told why. `refusal`: why the outside did not do it, of an answer that says so.
    """

    carry_out: Callable[[EffectCall], Awaitable[Command]]
    give_up: Callable[[EffectCall, str], Command]
    refusal: Callable[[Command], str | None] = lambda answer: None


Figures = Callable[[Any, datetime], Awaitable[Iterable[Figure]]]
"""Numbers of the service's own that are to be watched, from a connection to its database."""
Inside = Callable[[Any], Mapping[str, Handler]]
"""Handlers by kind of effect, from the service's runtime: what has to be looked for among more than a decision sees."""
Outside = Callable[[Any, Any], AbstractAsyncContextManager[Mapping[str, Handler]]]
"""Opens the handlers by kind of effect, from the service's rules and the process's settings."""


def nothing_to_do(rules: Any) -> Orders:
    return ()


def nothing_to_say(rules: Any) -> Sequence[str]:
    return ()


def nothing_urgent(body: Any, rules: Any) -> Mapping[str, Any]:
    """Of the body of a request that was not taken; None where it could not be read."""
    return {}


async def nothing_to_count(connection: Any, now: datetime) -> Iterable[Figure]:
    return ()


def nothing_foreseen(cause: Cause) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class On:
    """A row of the table of reactions."""

    fact: type[Fact]
    reactions: tuple[Reaction, ...]


def on(fact: type[Fact], *reactions: Reaction) -> On:
    """When `fact` arrives, these reactions run, in this order."""
    return On(fact, reactions)


class Came(NamedTuple):
    """What came of a record of an intake. With neither `fields` nor a `refusal`: `facts` are what it brought about.

    `name` is what its sender calls it, as far as that could be read. `pathway_id` and `lane_key` say what it is about.
    `is_set_aside`: it is kept until a person lets it go on. `value`: the record as it came.
    """

    name: tuple[str, ...]
    place: tuple[str, int, int]
    at: datetime
    submission: Any = None
    pathway_id: str | None = None
    lane_key: str | None = None
    facts: Sequence[Fact] = ()
    fields: Sequence[WrongField] = ()
    refusal: Any = None
    is_set_aside: bool = False
    value: bytes = b""


@dataclass(frozen=True, slots=True)
class Results:
    """How the senders of an intake are told what came of each record: `says(came, rules)` is published on `topic`.

    `name` reads what the sender calls it, from the raw value: records of one name are handled in order. () where it
    can't be read.
    """

    topic: str
    name: Callable[[bytes], tuple[str, ...]]
    says: Callable[[Came, Any], bytes]


@dataclass(frozen=True, slots=True)
class Intake:
    """A topic whose records are not facts: each is parsed as `model`, then `orders(model, cause, rules)` run.

    What is not valid is parked; where the sender is told `results`, it changes nothing and parks nobody.
    """

    topic: str
    model: type[BaseModel]
    orders: Callable[[Any, Cause, Any], Orders]
    results: Results | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A row of the table of HTTP routes. The handler's name is its operation id.

    `answers` is the shape of a good answer: a pydantic model, or the aggregate whose state is shown. `public` routes
    take no token: they know their callers otherwise. `reads` is the kind of content that a route shows of people: it is
    for whom the table of rights says (`config/access.toml`), and recorded before it is answered. `also` is a second
    good status, of the same shape; `kind` is what a good answer is that is no JSON.
    """

    method: str
    path: str
    handler: Callable[..., Any]
    answers: Any = None
    status: int = 200
    public: bool = False
    reads: str | None = None
    also: int | None = None
    kind: str | None = None


@dataclass(frozen=True, eq=False)
class Service:
    """One service, on one screen.

    `local` names facts of its own that it handles in the transaction that writes them, not over the topic. What that
    is likely to change, `foresees` names by the cause, as (kind, id): else the run is loaded and folded a second
    time. `outside` opens the handlers of its effects, by the settings in `told`; `inside` has those that need nothing
    but the service itself. `keeps_timeline` keeps every
    consumed fact in order of arrival. `live` are the compacted topics of open views. `contents` says of each kind of
    content, by which right it is read; `shows`, as what kind a read is recorded that a command is answered with which
    changed nothing. `figures` are its own numbers that are watched (`/metrics`). `at_start` are the orders, by the
    rules, that a process gives itself when it starts; `notices` what people who run it have to know of its rules, a
    sentence each. `urgent` is what is said besides to who sent a body that was not taken: a refusal writes nothing, so
    nobody else hears of what stands in it. The body is whatever JSON it was. `disclosures` reads what the service sent
    outside about a person, under any of their ids.
    """

    name: str
    aggregates: tuple[Aggregate[Any], ...]
    reactions: tuple[On, ...] = ()
    intakes: tuple[Intake, ...] = ()
    local: frozenset[type[Fact]] = frozenset()
    foresees: Callable[[Cause], Iterable[tuple[str, str]]] = nothing_foreseen
    live: frozenset[str] = frozenset()
    keeps_timeline: bool = False
    contents: Mapping[str, str] = field(default_factory=dict)
    shows: str | None = None
    figures: Figures = nothing_to_count
    migrations: Path | None = None
    load_rules: Callable[[Path], Any] = field(default=lambda _: None)
    routes: tuple[Route, ...] = ()
    outside: Outside | None = None
    inside: Inside | None = None
    told: tuple[type[Any], ...] = ()
    at_start: Callable[[Any], Orders] = nothing_to_do
    notices: Callable[[Any], Sequence[str]] = nothing_to_say
    urgent: Callable[[Any, Any], Mapping[str, Any]] = nothing_urgent
    disclosures: Callable[[Any, Sequence[str]], Awaitable[Sequence[Disclosure]]] = nothing_sent

    @cached_property
    def reactions_by_type(self) -> Mapping[str, tuple[Reaction, ...]]:
        """Reactions by the wire type of their fact, in table order."""
        table: dict[str, tuple[Reaction, ...]] = {}
        for row in self.reactions:
            table[row.fact.wire_type] = table.get(row.fact.wire_type, ()) + row.reactions
        return table

    @cached_property
    def consumed(self) -> Mapping[str, type[Fact]]:
        """Facts that the service reacts to over Kafka, by wire type."""
        local = {fact.wire_type for fact in self.local}
        facts = by_name((row.fact for row in self.reactions), lambda cls: cls.wire_type)  # type: ignore[attr-defined]
        return {name: fact for name, fact in facts.items() if name not in local}

    @cached_property
    def local_types(self) -> frozenset[str]:
        return frozenset(fact.wire_type for fact in self.local)

    @cached_property
    def intake_by_topic(self) -> Mapping[str, Intake]:
        return {intake.topic: intake for intake in self.intakes}

    @cached_property
    def topics(self) -> frozenset[str]:
        """Every topic that the service reads."""
        events = {f"{wire_type.partition('.')[0]}.events" for wire_type in self.consumed}
        return frozenset(events | set(self.intake_by_topic))

    @property
    def sql(self) -> Sequence[Path]:
        """Folders of the service's own migrations."""
        return [self.migrations] if self.migrations else []

    @property
    def events_topic(self) -> str:
        return f"{self.name}.events"

    @property
    def dead_letters_topic(self) -> str:
        return f"{self.name}.dead-letters"
