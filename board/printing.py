"""`/board/{queue}/print`: a queue as a plain table with the time of printing on top. Numbers of items, no names, no
script needed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backbone.clock import WallClock
from board.drawing import asked, at_clinic, day_text, drawn, lasting, words
from schemas.codes import Queue

MOST_PAGES = 20
ROWS_A_PAGE = 500


class Printed(NamedTuple):
    number: str
    title: str
    due: str
    late: bool
    waiting: str
    escalated: str
    state: str


async def whole(request: Request, queue: str) -> tuple[list[Mapping[str, Any]], str, str]:
    """All rows in their order, the time for which they are sorted, and what is missing."""
    rows: list[Mapping[str, Any]] = []
    at, cursor = "", None
    for _ in range(MOST_PAGES):
        question = urlencode({"limit": ROWS_A_PAGE} | ({"cursor": cursor} if cursor else {}))
        page, problem = await asked(request, f"/queues/{queue}?{question}")
        if page is None:
            return rows, at, problem
        rows += page["items"]
        at, cursor = page["at"], page.get("next")
        if not cursor:
            return rows, at, ""
    return rows, at, f"Only the first {len(rows)} items are here."


def printed(request: Request, row: Mapping[str, Any], now: datetime) -> Printed:
    said = words(request)
    since = now - datetime.fromisoformat(row["waiting_since"])
    due = at_clinic(request, row["due_at"]) if "due_at" in row else None
    return Printed(
        number=f"#{row['number']}",
        title=said["titles"].get(row["item_type"], "Work"),
        due=f"{day_text(due)}, {due:%H:%M}" if due else "–",
        late=row["overdue"],
        waiting=lasting(max(since.total_seconds(), 0)),
        escalated=("", "Escalated", "Escalated twice")[min(row.get("level", 0), 2)],
        state=state_of(row, said["states"]),
    )


def state_of(row: Mapping[str, Any], states: Mapping[str, str]) -> str:
    """Whoever has claimed it is not named on paper."""
    if "resume_on" in row:
        return f"{states['on_hold']} until {day_text(datetime.fromisoformat(row['resume_on']))}"
    return states[row["status"]]


def section(row: Mapping[str, Any]) -> str:
    """Its group; what is claimed or on hold stands apart."""
    if "resume_on" in row:
        return "hold"
    return row["group"] if row["status"] == "waiting" else "claimed"


def sections(
    request: Request, rows: Sequence[Mapping[str, Any]], now: datetime
) -> list[tuple[str, list[Printed]]]:
    """In the order in which the rows come."""
    titles = {**words(request)["groups"], "claimed": "Claimed"}
    return [
        (titles[name], [printed(request, row, now) for row in some]) for name, some in groupby(rows, section)
    ]


async def print_queue(request: Request, queue: Queue) -> Response:
    rows, at, problem = await whole(request, queue)
    now = datetime.fromisoformat(at) if at else WallClock().now()
    local = at_clinic(request, now)
    status = 200 if rows or not problem else 503
    return drawn(
        request,
        "print.html",
        status,
        title=words(request)["queues"][queue],
        sections=sections(request, rows, now),
        number=len(rows),
        problem=problem,
        day=day_text(local),
        clock=f"{local:%H:%M}",
        at=at,
    )


ROUTER = APIRouter()
ROUTER.add_api_route("/board/{queue}/print", print_queue)
