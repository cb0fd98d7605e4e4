"""What the README of notifications says of who is told, read off the table."""

from collections.abc import Mapping
from typing import Any

from services.notifications.news.reactions.table import TABLE, Row


def parts() -> Mapping[str, str]:
    return {"who is told": "| fact | templates | ends |\n|---|---|---|\n" + "".join(map(line, TABLE))}


def line(row: Row[Any]) -> str:
    templates = ", ".join(f"`{each}`" for each in row.says)
    return f"| `{row.fact.wire_type.removesuffix('.v1')}` | {templates} | {row.ends or ''} |\n"
