"""The runtime's own aggregates, the same in every service: a fact that was too early, a key that is parked, (from
`glass.py`) a record that somebody opened against the rule, and (`model/person.py`) which records are one person's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from backbone.engine.deferred import Deferred
from backbone.engine.glass import glass_of
from backbone.ids import derive
from backbone.model.aggregate import Aggregate, Lookup, One, Order, Timer, together
from backbone.model.decision import Command, Decision, Given, State
from backbone.model.head import Cause, Head
from backbone.model.person import PERSON
from backbone.model.service import Service
from backbone.model.table import Table
from schemas.fact import PrivateFact
from schemas.generic import GenericFacts, generic_facts

PATIENCE = timedelta(hours=24)
"""How long a fact may be too early before it becomes somebody's work (EVT-11)."""


class Unknown(State, tag="unknown"):
    pass


class Watched(State, tag="watched"):
    fact_type: str
    fact_id: str
    aggregate_type: str
    since: datetime


class Stuck(Watched, tag="stuck"):
    pass


class Unstuck(State, tag="unstuck"):
    pass


class Watch(Command, tag="watch_fact"):
    fact_type: str
    fact_id: str
    aggregate_type: str


class DeclareStuck(Command, tag="declare_stuck"):
    pass


class Unstick(Command, tag="unstick_fact"):
    pass


class Parked(State, tag="parked"):
    pass


class Unparked(State, tag="unparked"):
    pass


class Park(Command, tag="park_key"):
    """`place`: topic, partition and offset of the record, or where else it waits."""

    reason: Literal["unparsable", "unknown_code", "programming_error", "undeliverable"]
    place: str | None


class Unpark(Command, tag="unpark_key"):
    pass


class SkipRecord(Command, tag="skip_record"):
    record_id: str


class RecordSkipped(PrivateFact):
    """A named person dropped a parked record for good. Who: in the envelope."""

    type: Literal["backbone.record_skipped.v1"] = "backbone.record_skipped.v1"
    record_id: str


class FactWatched(PrivateFact):
    """A fact came too early; from now on its patience runs."""

    type: Literal["backbone.fact_watched.v1"] = "backbone.fact_watched.v1"
    fact_type: str
    fact_id: str
    aggregate_type: str


class WatchEnded(PrivateFact):
    """It was decided before its patience ended."""

    type: Literal["backbone.watch_ended.v1"] = "backbone.watch_ended.v1"


@dataclass(frozen=True)
class Generic:
    """They publish under their service's name."""

    stuck_fact: Aggregate[Any]
    parking: Aggregate[Any]
    glass: Aggregate[Any]

    @property
    def aggregates(self) -> tuple[Aggregate[Any], ...]:
        return self.stuck_fact, self.parking, self.glass, PERSON

    @staticmethod
    def of(service: Service) -> "Generic":
        return generic(service.name)

    def watch(self, cause: Cause, group: Deferred) -> Order:
        command = Watch(fact_type=cause.type or cause.source, fact_id=cause.id, aggregate_type=group.kind)
        return together(self.stuck_fact.send(command, to=One(stuck_id(cause))))

    def unstick(self, group: Deferred) -> Order:
        return together(self.stuck_fact.send(Unstick(), to=One(stuck_id(group.cause))))

    def park(self, parking_id: str, reason: Any, place: str | None, about: One | Lookup | None) -> Order:
        return together(self.parking.send(Park(reason, place), to=One(parking_id)), about=about)

    def let_go(self, parking_id: str, skipped: str | None, *, unpark: bool) -> list[Order]:
        """What a person did with what waits: dropped the first of it, let the rest go on, or both."""
        orders = [together(self.parking.send(SkipRecord(skipped), to=One(parking_id)))] if skipped else []
        return [*orders, together(self.parking.send(Unpark(), to=One(parking_id)))] if unpark else orders


def stuck_id(cause: Cause) -> str:
    return derive(cause.id, "stuck")


def patience(state: State, rules: Any) -> Mapping[str, Timer]:
    return {"stuck": Timer(state.since + PATIENCE, DeclareStuck())} if type(state) is Watched else {}


def watch(state: Unknown | Unstuck, command: Watch, given: Given[Any]) -> Decision:
    return [
        FactWatched(
            fact_type=command.fact_type, fact_id=command.fact_id, aggregate_type=command.aggregate_type
        )
    ]


def watch_again(state: Watched | Stuck, command: Watch, given: Given[Any]) -> Decision:
    return ()


def end_watch(state: Watched, command: Unstick, given: Given[Any]) -> Decision:
    return [WatchEnded()]


def unstick_again(state: Unstuck, command: Unstick, given: Given[Any]) -> Decision:
    return ()


def watched(state: Unknown | Unstuck, fact: FactWatched, head: Head) -> Watched:
    return Watched(
        fact_type=fact.fact_type,
        fact_id=fact.fact_id,
        aggregate_type=fact.aggregate_type,
        since=head.occurred_at,
    )


def watch_ended(state: Watched, fact: WatchEnded, head: Head) -> Unstuck:
    return Unstuck()


def park_more(state: Parked, command: Park, given: Given[Any]) -> Decision:
    return ()


def skip(state: Parked, command: SkipRecord, given: Given[Any]) -> Decision:
    return [RecordSkipped(record_id=command.record_id)]


def skipped(state: Parked, fact: RecordSkipped, head: Head) -> Parked:
    return state


def unpark_again(state: Unknown | Unparked, command: Unpark, given: Given[Any]) -> Decision:
    return ()


@cache
def kinds_of(service: Service) -> Mapping[str, Aggregate[Any]]:
    """A service's aggregates by kind, the runtime's own included. Raises TypeError when two share a kind."""
    aggregates = (*service.aggregates, *generic(service.name).aggregates)
    kinds = {aggregate.kind: aggregate for aggregate in aggregates}
    if len(kinds) != len(aggregates):
        raise TypeError(f"two aggregates of {service.name} share a kind")
    return kinds


@cache
def generic(service: str) -> Generic:
    """The aggregates of one service. Its facts are built for its name, so the functions that make them are too."""
    facts = generic_facts(service)
    return Generic(stuck_fact(facts), parking(facts), glass_of(facts))


def stuck_fact(facts: GenericFacts) -> Aggregate[Any]:
    """A fact that was too early, and whether it has become somebody's work."""

    def declare_stuck(state: Watched, command: DeclareStuck, given: Given[Any]) -> Decision:
        stuck = facts.stuck(
            fact_type=state.fact_type,
            fact_id=state.fact_id,
            aggregate_type=state.aggregate_type,
            since=state.since,
        )
        return [stuck]

    def unstick(state: Stuck, command: Unstick, given: Given[Any]) -> Decision:
        return [facts.unstuck(fact_type=state.fact_type, fact_id=state.fact_id)]

    def stuck(state: Watched, fact: facts.stuck, head: Head) -> Stuck:  # type: ignore[name-defined]
        return Stuck(
            fact_type=state.fact_type,
            fact_id=state.fact_id,
            aggregate_type=state.aggregate_type,
            since=state.since,
        )

    def unstuck(state: Stuck, fact: facts.unstuck, head: Head) -> Unstuck:  # type: ignore[name-defined]
        return Unstuck()

    return Aggregate(
        "stuck_fact",
        Unknown(),
        decide=Table(watch, watch_again, declare_stuck, end_watch, unstick, unstick_again),
        evolve=Table(watched, stuck, watch_ended, unstuck),
        timers=patience,
        has_lane="if known",
        has_pathway="if known",
    )


def parking(facts: GenericFacts) -> Aggregate[Any]:
    """A key whose records wait because one of them can't be handled."""

    def park(state: Unknown | Unparked, command: Park, given: Given[Any]) -> Decision:
        return [facts.parked(reason=command.reason, since=given.at, place=command.place)]

    def unpark(state: Parked, command: Unpark, given: Given[Any]) -> Decision:
        return [facts.unparked()]

    def parked(state: Unknown | Unparked, fact: facts.parked, head: Head) -> Parked:  # type: ignore[name-defined]
        return Parked()

    def unparked(state: Parked, fact: facts.unparked, head: Head) -> Unparked:  # type: ignore[name-defined]
        return Unparked()

    return Aggregate(
        "parking",
        Unknown(),
        decide=Table(park, park_more, skip, unpark, unpark_again),
        evolve=Table(parked, skipped, unparked),
        has_lane="if known",
        has_pathway=False,
    )
