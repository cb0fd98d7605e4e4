"""`/board/waits`: how long work waits in each queue, and how long what was done has waited. Drawn from what the
worklist says to this person: numbers, nobody's name."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from board.drawing import Words, asked, at_clinic, day_text, drawn, lasting, words
from schemas.codes import Queue
from schemas.topics import QUEUES

WINDOWS = (7, 30, 90, 365)
TABS = 4
"""Queues in the bar; the others are under More."""
WIDE, BAR, TALL = 330, 10, 48
"""Of the chart of a queue, in pixels."""
STEPS = (3600, 3 * 3600, 6 * 3600, *(days * 86400 for days in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)))
MOST_TICKS = 6


class Spread(msgspec.Struct):
    """Seconds; nothing where nothing waits or was done."""

    count: int
    small_sample: bool
    median_s: float | None = None
    nine_of_ten_s: float | None = None
    longest_s: float | None = None


class Report(msgspec.Struct):
    """What the worklist says of a queue."""

    at: datetime
    urgencies: list[str]
    waiting: Spread
    completed: Spread
    combined: Spread


class Counted(msgspec.Struct):
    queue: Queue
    waiting: int
    safety: int
    yours: bool


class AllCounted(msgspec.Struct):
    queues: list[Counted]


class Range(NamedTuple):
    """One of both bars of a queue. Lengths are pixels; None where there is nothing to show."""

    kind: str
    items: int
    median: str
    nine_of_ten: str
    longest: str
    y: int
    bar: float | None
    line: float | None
    dot: float | None


class Line(NamedTuple):
    """A queue of the table."""

    queue: str
    title: str
    ranges: Sequence[Range]
    both: str
    few: bool
    problem: str = ""


class Tick(NamedTuple):
    x: float
    text: str


def scale(longest: float) -> tuple[float, Sequence[Tick]]:
    """Pixels a second, and where the axis says how long: at most six places, the first nothing."""
    step = next((step for step in STEPS if longest <= step * (MOST_TICKS - 1)), STEPS[-1])
    number = min(max(int(-(-longest // step)), 1), MOST_TICKS - 1)
    pixels = (WIDE - 2 * BAR) / (number * step)
    ticks = [Tick(round(each * step * pixels, 1), axis_text(each * step)) for each in range(number + 1)]
    return pixels, ticks


def axis_text(seconds: int) -> str:
    if not seconds:
        return "0"
    return f"{seconds // 86400} d" if seconds % 86400 == 0 else f"{seconds // 3600} h"


def ranged(kind: str, said: Spread, pixels: float, y: int) -> Range:
    """Of few items, nine of ten say nothing."""
    shown = (said.median_s, None if said.small_sample else said.nine_of_ten_s, said.longest_s)
    at = [None if each is None else round(each * pixels, 1) for each in shown]
    texts = [lasting(each) for each in shown]
    return Range(kind, said.count, texts[0], texts[1], texts[2], y, *at)


def line(words: Words, queue: str, said: Report | None, problem: str, pixels: float) -> Line:
    title = words["queues"][queue]
    if said is None:
        return Line(queue, title, (), "–", few=False, problem=problem)
    ranges = [
        ranged("waiting", said.waiting, pixels, 8),
        ranged("done", said.completed, pixels, 30),
    ]
    few = any(each.count > 0 and each.small_sample for each in (said.waiting, said.completed))
    return Line(queue, title, ranges, lasting(said.combined.median_s), few)


def longest_of(reports: Sequence[Report | None]) -> float:
    spreads = [each for report in reports if report for each in (report.waiting, report.completed)]
    return max(filter(None, (each.longest_s for each in spreads)), default=STEPS[0])


def urgent_first(counted: Sequence[Counted]) -> Sequence[Counted]:
    """The person's own queues, then those with something about safety, then the rest, each in their usual order."""
    return sorted(counted, key=lambda each: (not each.yours, not each.safety))


async def show_waits(
    request: Request,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
    urgency: Annotated[str, Query(pattern="^[a-z0-9_]{0,64}$")] = "",
) -> Response:
    """All queues side by side; one that can't be had says why, the others stand."""
    question = urlencode({"days": days} | ({"urgency": urgency} if urgency else {}))
    paths = [f"/queues/{queue}/waits?{question}" for queue in QUEUES]
    answers, (counted, _) = await asyncio.gather(
        asyncio.gather(*(asked(request, path, Report) for path in paths)),
        asked(request, "/queues", AllCounted),
    )
    reports = [report for report, _ in answers]
    pixels, ticks = scale(longest_of(reports))
    known = next(filter(None, reports), None)
    refused = "" if known else answers[0][1]
    local, said = at_clinic(request, known.at) if known else None, words(request)
    return drawn(
        request,
        "waits.html",
        lines=[line(said, queue, *answer, pixels) for queue, answer in zip(QUEUES, answers, strict=True)],
        ticks=ticks,
        wide=WIDE,
        bar=BAR,
        tall=TALL,
        problem=refused,
        windows=WINDOWS,
        days=days,
        urgency=urgency,
        urgencies=known.urgencies if known else (),
        categories=said["categories"],
        counted=urgent_first(counted.queues if counted else ()),
        tabs=TABS,
        queue_words=said["queues"],
        day=local and day_text(local),
        clock=local and f"{local:%H:%M}",
        here="waits",
    )


ROUTER = APIRouter()
ROUTER.add_api_route("/board/waits", show_waits)
