"""What the worklist's README says of its catalogue and its watch, read off the tables."""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.fact import Fact
from services.worklist.catalogue.decide.row import Row, When, always
from services.worklist.catalogue.decide.table import CATALOGUE
from services.worklist.episode.reactions import OWN_ITEMS, STEPS

GENERIC = "referral."
"""Of the generic facts, which every service publishes, the first service's are shown for all."""


def parts() -> Mapping[str, str]:
    return {"items": items(), "next steps": steps()}


def named(facts: Iterable[type[Fact]]) -> str:
    """`service.fact`, each once."""
    return ", ".join(dict.fromkeys(f"`{fact.wire_type.removesuffix('.v1')}`" for fact in facts))


def opening(row: Row[Any]) -> str:
    return named([row.opens]) + ("" if row.when is always else " (some)")


def closing(when: When[Any]) -> str:
    some = "" if when.holds is always else " (some)"
    return named([when.fact]) + some + (" of the referral" if when.by_referral else "")


def is_generic(row: Row[Any]) -> bool:
    return row.item in ("PATIENT_PARKED", "FACT_STUCK", "BREAK_GLASS_REVIEW")


def line(rows: list[Row[Any]]) -> str:
    """One item. Where the opening fact says so, no queue can be named here."""
    shown = [row for row in rows if not is_generic(row) or row.opens.wire_type.startswith(GENERIC)]
    queue = "as the fact says" if callable(rows[0].queue) else rows[0].queue
    opens = ", ".join(map(opening, shown))
    closes = ", ".join(dict.fromkeys(closing(each) for row in shown for each in row.closings))
    if is_generic(rows[0]):
        opens, closes = (each.replace(GENERIC, "<service>.") for each in (opens, closes))
    detail = next((f"`{row.detail.field}`" for row in rows if row.detail), "–")
    return f"| `{rows[0].item}` | {queue} | {opens} | {closes} | {detail} |\n"


def items() -> str:
    rows: dict[str, list[Row[Any]]] = {}
    for row in CATALOGUE:
        rows.setdefault(row.item, []).append(row)
    head = "| item | queue | opens on | closes on | detail |\n|---|---|---|---|---|\n"
    return head + "".join(map(line, rows.values()))


def steps() -> str:
    rows: dict[str, tuple[list[type[Fact]], list[type[Fact]]]] = {}
    for step in (*STEPS, OWN_ITEMS):
        given, taken = rows.setdefault(step.name, ([], []))
        given.extend(step.given_by)
        taken.extend(step.taken_by)
    lines = (f"| {name} | {named(given)} | {named(taken)} |\n" for name, (given, taken) in rows.items())
    return "| next step | given by | taken by |\n|---|---|---|\n" + "".join(lines)
