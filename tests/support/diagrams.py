"""State diagrams read off an aggregate's tables, as Mermaid text: for a service's README and the test that compares."""

from collections.abc import Iterator
from typing import Any, get_type_hints

from backbone.model import Aggregate, tag_of
from backbone.model.table import members


def state_diagram(aggregate: Aggregate[Any]) -> str:
    """Each line is a move; facts that leave the status as it is are not shown."""
    moves: dict[tuple[str, str], list[str]] = {}
    for before, after, fact in changes(aggregate):
        moves.setdefault((before, after), []).append(fact)
    lines = [f"    {before} --> {after}: {', '.join(facts)}" for (before, after), facts in moves.items()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {tag_of(type(aggregate.initial))}", *lines])


def changes(aggregate: Aggregate[Any]) -> Iterator[tuple[str, str, str]]:
    """(status before, status after, fact without service and version)."""
    for (before, fact), evolve in aggregate.evolve.rows.items():
        results = list(members(get_type_hints(evolve)["return"]))
        if before not in results:
            for after in results:
                yield tag_of(before), tag_of(after), fact.wire_type.split(".")[1]  # type: ignore[attr-defined]
