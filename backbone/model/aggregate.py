"""The aggregate: a kind of thing with a state, decided by commands, evolved by facts. And how orders address it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

import msgspec

from backbone.model.column import AllOf, Columns
from backbone.model.decision import Command, State
from backbone.model.head import Head
from backbone.model.proposals import with_proposals
from backbone.model.table import Table, by_name
from schemas.fact import Fact


@dataclass(frozen=True, slots=True)
class One:
    """The aggregate with this id."""

    id: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """The aggregate that is known outside by this key. The key is never stored, only its keyed hash."""

    kind: str
    name: str
    key: tuple[str, ...]


Target = One | AllOf | Lookup
S = TypeVar("S")


def one(aggregate_id: str) -> One:
    """Address by id."""
    return One(aggregate_id)


@dataclass(frozen=True, slots=True)
class Timer:
    """A command that falls due. At `due` (aware, UTC) it goes through the same decide."""

    due: datetime
    command: Command


@dataclass(frozen=True, slots=True)
class Publication:
    """One row of a compacted topic. `content_ref` instead of a value publishes that content's JSON."""

    topic: str
    key: str
    value: bytes | None = None
    content_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to be done in the outside world. `reads` names content that the handler of the kind needs to see."""

    kind: str
    reads: tuple[str, ...] = ()
    body: bytes = b"{}"


def no_timers(state: Any, rules: Any) -> Mapping[str, Timer]:
    return {}


def no_publications(state: Any) -> Iterable[Publication]:
    return ()


def no_effects(state: Any) -> Mapping[str, Effect]:
    return {}


def no_refs(state: Any, command: Any) -> Iterable[str]:
    return ()


def no_needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    return ()


def nowhere(state: Any) -> str | None:
    return None


Belonging = bool | Literal["if known"]


@dataclass(frozen=True, eq=False)
class Aggregate(Generic[S]):
    """One kind of thing: its shapes, who may do what to them, and what follows from a shape.

    `timers`, `publications`, `effects` and the columns are functions of the state; the engine writes what differs.
    `effects` are by name, and a name is used once in an aggregate's life: number the attempts. `numbered` kinds draw a
    number at birth.

    `has_lane` and `has_pathway`: does each of the kind belong to one? True: a birth without is a bug,
    and raises. "if known": as its cause has one or not. False: never; what has no lane is locked by its row instead.

    What a decision takes besides its state is loaded beforehand: `reads(state, command)` names content and
    `needs(state, command)` other aggregates, as (kind, id), that the decider wants to see; `foresees(state, command)`
    those that local reactions to its facts are likely to change.

    `of_person`: it holds for a person. Who needs it names a record, and is given it of every record that is the same
    person's now; its id is the record's, or what `of_record` makes of it. `leads_to`: the id of another of the kind
    that this one stands for now. Whoever addresses it by its key of the outside world comes to that one.
    """

    kind: str
    initial: State
    decide: Table
    evolve: Table
    timers: Callable[[S, Any], Mapping[str, Timer]] = no_timers
    publications: Callable[[S], Iterable[Publication]] = no_publications
    effects: Callable[[S], Mapping[str, Effect]] = no_effects
    columns: type[Columns] = Columns
    reads: Callable[[S, Any], Iterable[str]] = no_refs
    needs: Callable[[S, Any], Iterable[tuple[str, str]]] = no_needs
    foresees: Callable[[S, Any], Iterable[tuple[str, str]]] = no_needs
    numbered: bool = False
    has_pathway: Belonging = True
    has_lane: Belonging = True
    of_person: bool = False
    of_record: Callable[[str], str] = str
    leads_to: Callable[[S], str | None] = nowhere

    def send(self, command: Command, *, to: Target, expecting: int | None = None) -> "Send":
        """An order of one. `expecting` is the version that the sender saw; another one is refused as stale.

        Raises TypeError for a command or a selector that the kind does not know.
        """
        if type(command) not in self.decide.commands:
            raise TypeError(f"{self.kind} answers no {type(command).__name__}")
        if isinstance(to, AllOf) and not self.column.keys() >= {name for name, _ in to.columns}:
            raise TypeError(f"{self.kind} has no such columns: {to.columns}")
        return Send(self, command, to, expecting)

    def by(self, **key: tuple[str, ...]) -> Lookup:
        """Address by a unique key of the outside world: `REFERRAL.by(source=(system, source_id))`."""
        [(name, parts)] = key.items()
        return Lookup(self.kind, name, parts)

    def after(self, state: State, fact: Fact, head: Head) -> Any:
        """The state that a fact makes of this one. Raises KeyError where the kind does not expect it."""
        evolve = self.evolve.rows[type(state), type(fact)]
        return with_proposals(state, evolve(state, fact, head), fact, head)

    @cached_property
    def column(self) -> Mapping[str, Callable[[S], str | None]]:
        """How a column's value is read from a state, by the column's name, in order of declaration."""
        return {column.name: column.of for column in self.columns.declared}

    @cached_property
    def looks_further(self) -> bool:
        """Is there anything to load besides what orders address?"""
        return self.needs is not no_needs or self.reads is not no_refs or self.foresees is not no_needs

    @cached_property
    def commands(self) -> Mapping[str, type]:
        """Command classes by frozen tag."""
        return by_name(self.decide.rights, tag_of)

    @cached_property
    def facts(self) -> Mapping[str, type[Fact]]:
        """Fact classes by wire type, private ones included."""
        return by_name(self.evolve.rights, lambda cls: cls.wire_type)  # type: ignore[attr-defined]

    @cached_property
    def states(self) -> tuple[type, ...]:
        """Every shape that the state can have."""
        return tuple(
            dict.fromkeys(
                (type(self.initial), *self.decide.lefts, *self.evolve.lefts, *self.evolve.returns())
            )
        )

    @cached_property
    def state_decoder(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(union_of(self.states))

    @cached_property
    def command_decoder(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(union_of(self.decide.rights))


def union_of(classes: Iterable[type]) -> Any:
    """A tagged union for msgspec."""
    union: Any = None
    for cls in classes:
        union = cls if union is None else union | cls
    return union


def tag_of(cls: type) -> str:
    """The frozen tag of a state or command class."""
    return str(cls.__struct_config__.tag)  # type: ignore[attr-defined]


@dataclass(slots=True, eq=False)
class Send:
    """A command on its way to its target."""

    aggregate: Aggregate[Any]
    command: Command
    to: Target
    expecting: int | None = None


@dataclass(slots=True, eq=False)
class Order:
    """A group of sends that succeed or are refused together.

    `about` and `pathway` fix the lane and pathway of aggregates that are born here; without them the cause's are taken.
    """

    sends: tuple[Send, ...]
    about: One | Lookup | None = None
    pathway: One | Lookup | None = None


Orders = Iterable[Order | Send]


def together(*sends: Send, about: One | Lookup | None = None, pathway: One | Lookup | None = None) -> Order:
    """All or none."""
    return Order(sends, about, pathway)


def as_order(order: Order | Send) -> Order:
    return order if isinstance(order, Order) else Order((order,))
