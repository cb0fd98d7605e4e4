"""Inputs that arrive: which rules look at another aggregate, and whether what they see there ever made a difference.

The rules come from the code: every command for which an aggregate's `needs` names another kind. Each decision that is
taken while a service is watched is taken once more as if that other aggregate had never heard of anything, nor any
other record of the person where it is about one. A rule whose input never arrives decides the same both times, whatever
happens: its unit test hands the input in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any, NamedTuple

from backbone.engine.generic import kinds_of
from backbone.model import Aggregate, Given, Service, tag_of
from backbone.model.aggregate import no_needs


class Input(NamedTuple):
    """A command of an aggregate that looks at a kind."""

    aggregate: str
    command: str
    kind: str


class Anything(str):
    """Stands for a state or a command of a class: every field of it is there, and is anything."""

    def __new__(cls, kind: type = str) -> "Anything":
        return super().__new__(cls, "anything")

    def __init__(self, kind: type = str) -> None:
        self._kind = kind

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return self._kind

    def __getattr__(self, name: str) -> "Anything":
        return Anything()


def declared(service: Service) -> set[Input]:
    """Every input that the service's aggregates name, as their code says it."""
    return {
        Input(aggregate.kind, tag_of(command), kind)
        for aggregate in service.aggregates
        if aggregate.needs is not no_needs
        for state, command in aggregate.decide.rows
        for kind, _ in aggregate.needs(Anything(state), Anything(command))
    }


Seen = Mapping[Input, set[bool]]


@contextmanager
def watched(service: Service) -> Iterator[Seen]:
    """For each input whether it made a difference: it did once, it did not once, both, or nothing was decided."""
    seen: dict[Input, set[bool]] = defaultdict(set)
    kinds, before = kinds_of(service), {}
    for aggregate in service.aggregates:
        if aggregate.needs is not no_needs:
            rows = aggregate.decide.rows
            before[aggregate.kind] = dict(rows)
            rows |= {pair: watching(aggregate, decide, kinds, seen) for pair, decide in rows.items()}
    try:
        yield seen
    finally:
        for kind, rows in before.items():
            kinds[kind].decide.rows |= rows


def watching(
    aggregate: Aggregate[Any],
    decide: Callable[..., Any],
    kinds: Mapping[str, Aggregate[Any]],
    seen: dict[Input, set[bool]],
) -> Callable[..., Any]:
    @wraps(decide)
    def deciding(state: Any, command: Any, given: Given[Any]) -> Any:
        decision = decide(state, command, given)
        for kind, identity in aggregate.needs(state, command):
            records = kinds[kind].of_person
            known = {key: each for key, each in given.others.items() if not (records and key[0] == kind)}
            without = replace(given, others={**known, (kind, identity): kinds[kind].initial})
            other = decide(state, command, without)
            seen[Input(aggregate.kind, tag_of(type(command)), kind)].add(other != decision)
        return decision

    return deciding


def never_arrive(service: Service, seen: Seen) -> Mapping[Input, str]:
    """The inputs of which nobody has shown both: that they matter, and that they need not."""
    wrong = {True: "always matters", False: "never matters"}
    found = {each: seen.get(each, set()) for each in sorted(declared(service))}
    return {
        each: wrong[next(iter(said))] if said else "is never looked at"
        for each, said in found.items()
        if len(said) < 2
    }
