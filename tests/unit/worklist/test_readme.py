"""The README shows what the tables have: items, next steps, diagrams, facts in and out."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import services.worklist
from backbone.model import Aggregate
from schemas.fact import Fact
from schemas.topics import SERVICES
from services.worklist.catalogue.decide.row import Row, When, always
from services.worklist.catalogue.decide.table import CATALOGUE
from services.worklist.episode.reactions import OWN_ITEMS, STEPS
from services.worklist.service import SERVICE
from tests.support.diagrams import state_diagram

README = (Path(services.worklist.__file__).parent / "README.md").read_text("utf-8")
BY_FACT = {
    "RED_FLAG": "by flag (`red_flags.toml`)",
    "REF_TRIAGE": "`triage.queue`",
    "VISIT_READY": "discipline of the appointment",
    "ACT_ACCEPT": "discipline of the activity",
    "ACT_REVIEW": "discipline of the activity",
    "MDT_PREP": "each that prepares",
    "MDT_ACTION": "as each action says",
    "SAFETY_ALERT": "as the alert says",
}
"""Queues that follow from the opening fact, in words."""


def named(facts: Iterable[type[Fact]]) -> str:
    """`service.fact`, each once."""
    return ", ".join(dict.fromkeys(f"`{fact.wire_type.removesuffix('.v1')}`" for fact in facts))


def opening(row: Row[Any]) -> str:
    return named([row.opens]) + ("" if row.when is always else " (some)")


def closing(when: When[Any]) -> str:
    some = "" if when.holds is always else " (some)"
    return named([when.fact]) + some + (" of the referral" if when.by_referral else "")


def line(rows: list[Row[Any]]) -> str:
    """One line of the table of items. The generic facts of all services are one."""
    [item] = {row.item for row in rows}
    queue = BY_FACT[item] if callable(rows[0].queue) else rows[0].queue
    opens = ", ".join(map(opening, rows))
    closes = ", ".join(dict.fromkeys(closing(each) for row in rows for each in row.closings))
    if len(rows) == len(SERVICES):
        opens, closes = (
            each.partition(",")[0].replace("referral.", "<service>.") for each in (opens, closes)
        )
    return f"| `{item}` | {queue} | {opens} | {closes} |"


def items() -> str:
    rows: dict[str, list[Row[Any]]] = {}
    for row in CATALOGUE:
        rows.setdefault(row.item, []).append(row)
    return "\n".join(map(line, rows.values()))


def steps() -> str:
    """The table of next steps."""
    rows: dict[str, tuple[list[type[Fact]], list[type[Fact]]]] = {}
    for step in (*STEPS, OWN_ITEMS):
        given, taken = rows.setdefault(step.name, ([], []))
        given.extend(step.given_by)
        taken.extend(step.taken_by)
    return "\n".join(f"| {name} | {named(given)} | {named(taken)} |" for name, (given, taken) in rows.items())


def test_the_items_are_those_of_the_catalogue() -> None:
    assert items() in README, f"It should say:\n{items()}"


def test_the_next_steps_are_those_of_the_watch() -> None:
    assert steps() in README, f"It should say:\n{steps()}"


@pytest.mark.parametrize("aggregate", SERVICE.aggregates, ids=lambda each: each.kind)
def test_the_diagrams_and_facts_are_those_of_the_tables(aggregate: Aggregate[Any]) -> None:
    assert f"```mermaid\n{state_diagram(aggregate)}\n```" in README
    assert all(f"`{wire_type.split('.')[1]}`" in README for wire_type in aggregate.facts)


def test_every_consumed_fact_is_named() -> None:
    generic = ("patient_parked", "patient_unparked", "fact_stuck", "fact_unstuck")
    for wire_type in SERVICE.consumed:
        service, fact = wire_type.split(".")[:2]
        assert f"`{'<service>' if fact in generic else service}.{fact}`" in README


def test_every_table_is_named() -> None:
    assert all(f"`{aggregate.kind}`" in README for aggregate in SERVICE.aggregates)
