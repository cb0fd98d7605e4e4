"""Which rules that nobody has verified made a fact: read from what it names itself. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from backbone.model.head import Event
from backbone.model.snapshot import Unverified
from config.rules import WHOLE

Parts = Mapping[str, tuple[str, ...]]
"""What nobody has verified, by id and version of the rule: WHOLE, or some of its rows."""


def marks_of(event: Event[Any], unverified: Parts) -> tuple[Unverified, ...]:
    names = [name for name in event.head.rules if name in unverified]
    return marks_in(names, event.fact.model_dump(mode="json"), unverified) if names else ()


def marks_in(rules: Iterable[str], said: Any, unverified: Parts) -> tuple[Unverified, ...]:
    """Of a rule of which only some rows are unverified, those that the fact says."""
    values = values_in(said)
    return tuple(mark for name in rules for mark in marked(name, values, unverified))


def as_far_as(said: Any, marks: Iterable[Unverified]) -> Iterable[Unverified]:
    """Each once, and its part only where that is said anyway: it may be a finding."""
    values = values_in(said)
    return dict.fromkeys(mark if mark.part in values else mark._replace(part=None) for mark in marks)


def marked(name: str, values: frozenset[str], unverified: Parts) -> Iterable[Unverified]:
    parts = unverified.get(name, ())
    if WHOLE in parts:
        return (Unverified(name),)
    return [Unverified(name, part) for part in parts if part in values]


def values_in(node: Any) -> frozenset[str]:
    """Every text that stands in a fact."""
    if isinstance(node, str):
        return frozenset([node])
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return frozenset().union(*map(values_in, inner))
