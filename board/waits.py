"""`/board/waits`: how long work waits in each queue, and how long what was done has waited. Drawn from what the
worklist says to this person: numbers, nobody's name."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from board.drawing import Words, asked, at_clinic, day_text, drawn, lasting, words
from schemas.topics import QUEUES

WINDOWS = (7, 30, 90, 365)
TABS = 4
"""Queues in the bar; the others are under More."""
WIDE, BAR, TALL = 330, 10, 48
"""Of the chart of a queue, in pixels."""
STEPS = (3600, 3 * 3600, 6 * 3600, *(days * 86400 for days in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)))
MOST_TICKS = 6


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


def ranged(kind: str, said: Mapping[str, Any], pixels: float, y: int) -> Range:
    """Of few items, nine of ten say nothing."""
    nine = None if said["small_sample"] else said.get("nine_of_ten_s")
    median, longest = said.get("median_s"), said.get("longest_s")
    at = [None if each is None else round(each * pixels, 1) for each in (median, nine, longest)]
    texts = [lasting(each) for each in (median, nine, longest)]
    return Range(kind, said["count"], texts[0], texts[1], texts[2], y, *at)


def line(words: Words, queue: str, said: Mapping[str, Any] | None, problem: str, pixels: float) -> Line:
    title = words["queues"][queue]
    if said is None:
        return Line(queue, title, (), "–", few=False, problem=problem)
    ranges = [
        ranged("waiting", said["waiting"], pixels, 8),
        ranged("done", said["completed"], pixels, 30),
    ]
    few = any(said[name]["count"] > 0 and said[name]["small_sample"] for name in ("waiting", "completed"))
    return Line(queue, title, ranges, lasting(said["combined"].get("median_s")), few)


def longest_of(reports: Sequence[Mapping[str, Any] | None]) -> float:
    longest = [
        report[name].get("longest_s") for report in reports if report for name in ("waiting", "completed")
    ]
    return max(filter(None, longest), default=STEPS[0])


def urgent_first(counted: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The person's own queues, then those with something about safety, then the rest, each in their usual order."""
    return sorted(counted, key=lambda each: (not each["yours"], not each["safety"]))


async def show_waits(
    request: Request,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
    urgency: Annotated[str, Query(pattern="^[a-z0-9_]{0,64}$")] = "",
) -> Response:
    """All queues side by side; one that can't be had says why, the others stand."""
    question = urlencode({"days": days} | ({"urgency": urgency} if urgency else {}))
    paths = [f"/queues/{queue}/waits?{question}" for queue in QUEUES]
    *answers, (counted, _) = await asyncio.gather(
        *(asked(request, path) for path in paths), asked(request, "/queues")
    )
    reports = [report for report, _ in answers]
    pixels, ticks = scale(longest_of(reports))
    known = next(filter(None, reports), None)
    refused = "" if known else answers[0][1]
    local, said = at_clinic(request, known["at"]) if known else None, words(request)
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
        urgencies=known["urgencies"] if known else (),
        categories=said["categories"],
        counted=urgent_first((counted or {}).get("queues", ())),
        tabs=TABS,
        queue_words=said["queues"],
        day=local and day_text(local),
        clock=local and f"{local:%H:%M}",
        here="waits",
    )


ROUTER = APIRouter()
ROUTER.add_api_route("/board/waits", show_waits)
