"""What the README of notifications says of who is told, read off the table."""

from collections.abc import Mapping
from typing import Any

from services.notifications.news.reactions.table import TABLE, Row


def parts() -> Mapping[str, str]:
    return {"who is told": "| fact | templates | ends |\n|---|---|---|\n" + "".join(map(line, TABLE))}


def line(row: Row[Any]) -> str:
    templates = ", ".join(f"`{each}`" for each in row.says)
    return f"| `{row.fact.wire_type.removesuffix('.v1')}` | {templates} | {ended(row)} |\n"


def ended(row: Row[Any]) -> str:
    """Why, and what is cancelled where it is not all that is planned about the subject."""
    if row.ends is None or row.scope == "subject":
        return row.ends or ""
    return f"{row.ends}: {f'`{row.only}`' if row.only else 'reminders'} of the {row.scope}"
