"""Moves that tests really saw: status before, fact, status after. The READMEs' diagrams are drawn from them.

Only what commands led to counts: a test that puts an aggregate into a state by hand may build what can't happen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, get_type_hints

from backbone.model import Aggregate, tag_of
from backbone.model.table import members


class Move(NamedTuple):
    before: str
    after: str
    fact: str


SEEN: dict[int, set[Move]] = defaultdict(set)
"""By the identity of the aggregate: kinds of two services may share a name."""


def seen(aggregate: Aggregate[Any], before: Any, after: Any, wire_type: str) -> None:
    """A fact that leaves the status as it is moves nothing."""
    if type(before) is not type(after):
        move = Move(tag_of(type(before)), tag_of(type(after)), wire_type.split(".")[1])
        SEEN[id(aggregate)].add(move)


def possible(aggregate: Aggregate[Any]) -> list[Move]:
    """What the tables allow, in their order: more than can happen, where a function returns several states."""
    return [
        Move(tag_of(before), tag_of(after), fact.wire_type.split(".")[1])  # type: ignore[attr-defined]
        for (before, fact), evolve in aggregate.evolve.rows.items()
        for after in members(get_type_hints(evolve)["return"])
        if after is not before
    ]


def diagram(aggregate: Aggregate[Any], moves: Iterable[Move]) -> str:
    """Mermaid, in the order of the tables."""
    facts: dict[tuple[str, str], list[str]] = {}
    wanted = set(moves)
    for move in possible(aggregate):
        if move in wanted and move.fact not in facts.setdefault((move.before, move.after), []):
            facts[move.before, move.after].append(move.fact)
    arrows = [f"    {before} --> {after}: {', '.join(names)}" for (before, after), names in facts.items()]
    lines = ["stateDiagram-v2", f"    [*] --> {tag_of(type(aggregate.initial))}", *arrows]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def drawn(text: str) -> set[Move]:
    """The moves that a diagram shows."""
    found = set()
    for line in text.splitlines():
        arrow, colon, facts = line.strip().partition(": ")
        before, _, after = arrow.partition(" --> ")
        if colon:
            found |= {Move(before, after, fact) for fact in facts.split(", ")}
    return found


def unknown(aggregate: Aggregate[Any], text: str) -> Mapping[str, list[Move]]:
    """What was seen and is not drawn, and what is drawn and can't be."""
    shown = drawn(text)
    return {
        "seen and not drawn": sorted(SEEN[id(aggregate)] - shown),
        "drawn, and the tables do not allow it": sorted(shown - set(possible(aggregate))),
    }
