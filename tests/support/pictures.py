"""A picture of everything that a clinic in memory holds, and what is different between two of them."""

from collections.abc import Mapping
from typing import Any

from tests.support.memory_system import MemorySystem


def picture(system: MemorySystem) -> Mapping[str, Any]:
    """Everything that was told, every state, everything that is still to happen."""
    tables = {name: worker.store.tables for name, worker in system.workers.items()}
    log = {f"{topic}-{partition}": len(messages) for (topic, partition), messages in system.log.items()}
    return log | {
        f"{name} {what}": rows
        for name, each in tables.items()
        for what, rows in (
            ("facts", [f"{row.type} {row.data!r}" for row in each.journal]),
            (
                "states",
                {id_: (row.version, row.body) for kind in each.states.values() for id_, row in kind.items()},
            ),
            ("timers", sorted(map(repr, each.timer.values()))),
            ("refusals", list(each.refusal)),
            ("parked", list(each.parked)),
            ("deferred", sorted(each.deferred)),
        )
    }


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is new or other than it was."""
    return {name: new(before.get(name), value) for name, value in after.items() if before.get(name) != value}


def new(before: Any, after: Any) -> Any:
    if isinstance(after, list) and isinstance(before, list):
        return after[len(before) :] if after[: len(before)] == before else after
    if isinstance(after, dict) and isinstance(before, dict):
        return {key: value for key, value in after.items() if before.get(key) != value}
    return after
