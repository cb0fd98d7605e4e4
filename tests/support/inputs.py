"""Inputs that arrive: which rules look at another aggregate, and whether what they see there ever made a difference.

The rules come from the code: every command for which an aggregate's `needs` names another kind. Each decision that is
taken while a service is watched is taken once more as if that other aggregate had never heard of anything, nor any
other record of the person where it is about one. A rule whose input never arrives decides the same both times, whatever
happens: its unit test hands the input in. Where nothing can be decided without the other, two decisions are to be seen.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, wraps
from types import CodeType, FunctionType, NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from backbone.engine.generic import kinds_of
from backbone.ids import ROOT, derive
from backbone.model import Aggregate, Given, Refused, Ruled, Service, tag_of
from backbone.model.aggregate import no_needs
from schemas.code_list import CodeList


class Input(NamedTuple):
    """A command of an aggregate that looks at a kind."""

    aggregate: str
    command: str
    kind: str


ROUNDS = 80
"""No list of codes that `needs` asks about is longer."""


class Anything(str):
    """Stands for a state or a command of a class: every field of it is there, and is anything. A code, a flag, or one
    of several classes is the one whose turn it is."""

    def __new__(cls, kind: type = str, turn: int = 0, like: str = ROOT) -> "Anything":
        return super().__new__(cls, derive(like, "anything"))

    def __init__(self, kind: type = str, turn: int = 0, like: str = ROOT) -> None:
        self._kind, self._turn = kind, turn

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return self._kind

    def __getattr__(self, name: str) -> Any:
        return anything_of(fields_of(self._kind).get(name, str), self._turn, derive(self, name))

    def __iter__(self) -> Iterator[str]:
        yield Anything(str, self._turn, self)


@cache
def fields_of(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, include_extras=True)


def anything_of(hint: Any, turn: int, like: str) -> Any:
    """A value of the type that this hint names."""
    listed = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, CodeList)]
    values: Sequence[Any] = (
        listed[0].codes if listed else get_args(hint) if get_origin(hint) is Literal else ()
    )
    if hint is bool:
        values = (True, False)
    if values:
        assert len(values) <= ROUNDS, f"more rounds than {ROUNDS}: {hint}"
        return values[turn % len(values)]
    if hint is datetime:
        return datetime(2027, 1, 4, 14, tzinfo=UTC)
    if get_origin(hint) is tuple:
        return (anything_of(get_args(hint)[0], turn, like),)
    if get_origin(hint) in (Union, UnionType):
        some = [each for each in get_args(hint) if each is not NoneType]
        return anything_of(some[turn % len(some)], turn, like)
    return Anything(hint if isinstance(hint, type) and get_origin(hint) is None else str, turn, like)


@cache
def declared(service: Service) -> frozenset[Input]:
    """Every input that the service's aggregates name, as their code says it."""
    return frozenset(
        Input(aggregate.kind, tag_of(command), kind)
        for aggregate in service.aggregates
        if aggregate.needs is not no_needs
        for state, command in aggregate.decide.rows
        for turn in range(ROUNDS)
        for kind in needed(aggregate, Anything(state, turn), Anything(command, turn))
    )


def needed(aggregate: Aggregate[Any], state: Any, command: Any) -> set[str]:
    """Nothing, where a code of a published list is none that the service knows what to do with."""
    try:
        return {kind for kind, _ in aggregate.needs(state, command)}
    except KeyError:
        return set()


def named_in(service: Service) -> set[tuple[str, str]]:
    """By aggregate, the kinds that its `needs` names in its text, and in that of the functions which that calls."""
    kinds = kinds_of(service)
    return {
        (aggregate.kind, word)
        for aggregate in service.aggregates
        for word in words_of(aggregate.needs)
        if word in kinds
    }


def words_of(function: Callable[..., Any]) -> Iterator[str]:
    """Strings of its code, and of the functions that it calls by name."""
    codes, known = [function.__code__], {function.__name__}
    while codes:
        code = codes.pop()
        for each in code.co_consts:
            if isinstance(each, str):
                yield each
            elif isinstance(each, CodeType):
                codes.append(each)
        for name in set(code.co_names) - known:
            called = function.__globals__.get(name)
            if isinstance(called, FunctionType):
                known.add(name)
                codes.append(called.__code__)


Seen = Mapping[Input, set[Any]]


@contextmanager
def watched(service: Service) -> Iterator[Seen]:
    """For each input whether it made a difference: it did once, it did not once, both, or nothing was decided."""
    seen: dict[Input, set[Any]] = defaultdict(set)
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
    seen: dict[Input, set[Any]],
) -> Callable[..., Any]:
    @wraps(decide)
    def deciding(state: Any, command: Any, given: Given[Any]) -> Any:
        decision = decide(state, command, given)
        for kind, identity in aggregate.needs(state, command):
            records = kinds[kind].of_person
            known = {key: each for key, each in given.others.items() if not (records and key[0] == kind)}
            without = replace(given, others={**known, (kind, identity): kinds[kind].initial})
            found = difference(decision, decide, state, command, without)
            seen[Input(aggregate.kind, tag_of(type(command)), kind)].add(found)
        return decision

    return deciding


def difference(decision: Any, decide: Callable[..., Any], *without: Any) -> Any:
    """Whether there is one. Where nothing can be decided without the input, what was decided with it."""
    try:
        return decide(*without) != decision
    except Exception:
        return decision.code if isinstance(decision, Refused) else " ".join(map(name_of, decision))


def name_of(step: Any) -> str:
    return type(step.fact if isinstance(step, Ruled) else step).__name__


def never_arrive(service: Service, seen: Seen) -> Mapping[Input, str]:
    """The inputs of which nobody has shown both: that they matter, and that they need not."""
    wrong = {True: "always matters", False: "never matters"}
    found = {each: seen.get(each, set()) for each in sorted(declared(service))}
    return {
        each: wrong.get(next(iter(said)), "always the same") if said else "is never looked at"
        for each, said in found.items()
        if len(said) < 2
    }
