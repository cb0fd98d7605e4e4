"""`/board/{queue}/print`: a queue as a plain table with the time of printing on top, or with the time as of which it is
shown (`?at=`). Numbers of items, no names, no script needed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from backbone.clock import WallClock
from board.drawing import asked, at_clinic, day_text, drawn, lasting, words
from schemas.codes import Queue

MOST_PAGES = 20
ROWS_A_PAGE = 500


class Row(msgspec.Struct):
    """As much of a row as paper shows."""

    number: int
    item_type: str
    status: Literal["waiting", "claimed"]
    waiting_since: datetime
    overdue: bool
    group: str
    level: int = 0
    due_at: datetime | None = None
    resume_on: date | None = None


class Page(msgspec.Struct):
    at: datetime
    items: list[Row]
    next: str | None = None


class Printed(NamedTuple):
    number: str
    title: str
    due: str
    late: bool
    waiting: str
    escalated: str
    state: str


async def whole(
    request: Request, queue: str, then: datetime | None = None
) -> tuple[list[Row], datetime | None, str]:
    """All rows in their order, now or as they were then; the time for which they are sorted, and what is missing."""
    past = {"at": then.isoformat()} if then else {}
    rows: list[Row] = []
    at: datetime | None = None
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        question = urlencode({"limit": ROWS_A_PAGE} | past | ({"cursor": cursor} if cursor else {}))
        page, problem = await asked(request, f"/queues/{queue}?{question}", Page)
        if page is None:
            return rows, at, problem
        rows += page.items
        at, cursor = page.at, page.next
        if not cursor:
            return rows, at, ""
    return rows, at, f"Only the first {len(rows)} items are here."


def printed(request: Request, row: Row, now: datetime) -> Printed:
    said = words(request)
    since = now - row.waiting_since
    due = at_clinic(request, row.due_at) if row.due_at else None
    return Printed(
        number=f"#{row.number}",
        title=said["titles"].get(row.item_type, "Work"),
        due=f"{day_text(due)}, {due:%H:%M}" if due else "–",
        late=row.overdue,
        waiting=lasting(max(since.total_seconds(), 0)),
        escalated=("", "Escalated", "Escalated twice")[min(row.level, 2)],
        state=state_of(row, said["states"]),
    )


def state_of(row: Row, states: Mapping[str, str]) -> str:
    """Whoever has claimed it is not named on paper."""
    if row.resume_on:
        return f"{states['on_hold']} until {day_text(row.resume_on)}"
    return states[row.status]


def section(row: Row) -> str:
    """Its group; what is claimed or on hold stands apart."""
    if row.resume_on:
        return "hold"
    return row.group if row.status == "waiting" else "claimed"


def sections(request: Request, rows: Sequence[Row], now: datetime) -> list[tuple[str, list[Printed]]]:
    """In the order in which the rows come."""
    titles = {**words(request)["groups"], "claimed": "Claimed"}
    return [
        (titles.get(name, name), [printed(request, row, now) for row in some])
        for name, some in groupby(rows, section)
    ]


async def print_queue(
    request: Request, queue: Queue, at: Annotated[AwareDatetime | None, Query()] = None
) -> Response:
    """As it is, or as it was: what is past is read only, so it has no other page."""
    rows, sorted_at, problem = await whole(request, queue, at)
    now = sorted_at or at or WallClock().now()
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
        at=now.isoformat(),
        back=f"/board/{queue}" if at else "",
    )


ROUTER = APIRouter()
ROUTER.add_api_route("/board/{queue}/print", print_queue)
