"""HTTP route of a queue's waits: numbers, nobody's name. No rules."""

from datetime import date, timedelta
from typing import Annotated

import msgspec
from fastapi import Query
from fastapi.responses import Response

from backbone.http.access import Running, members
from backbone.http.identity import Principal
from backbone.http.problems import unfit
from backbone.http.routes import get
from backbone.model import Route
from schemas.codes import Queue
from schemas.fact import Word
from services.worklist.queue.queries import rows_of
from services.worklist.roles import READS_WAITS
from services.worklist.waits import queries
from services.worklist.waits.decide import spread, wait
from services.worklist.waits.documents import WaitReport, shown


async def get_waits(
    running: Running,
    caller: Annotated[Principal, members(READS_WAITS)],
    queue: Queue,
    since: Annotated[date | None, Query(description="First day of the window")] = None,
    days: Annotated[
        int | None, Query(ge=1, le=3660, description="So many days, where `since` is not said")
    ] = None,
    urgency: Annotated[Word | None, Query(description="Items of this urgency category only")] = None,
    until: Annotated[date | None, Query(description="First day after it; without it, up to now")] = None,
) -> Response:
    """How long work waits here and how long what was done has waited, with whoever still waits."""
    now, calendar, rule = running.clock.now(), running.rules.calendar, running.rules.worklist.waits.values
    last = until or calendar.day(now) + timedelta(days=1)
    first = since or last - timedelta(days=days or rule.window_days)
    if not timedelta(0) < last - first <= timedelta(days=rule.longest_window_days):
        detail = f"The window is 1 to {rule.longest_window_days} days."
        raise unfit("window", detail, "since", "query", 422)
    urgencies = sorted(running.rules.category_rank, key=running.rules.category_rank.__getitem__)
    if urgency not in (None, *urgencies):
        detail = f"Urgency categories here: {', '.join(urgencies)}."
        raise unfit("urgency", detail, "urgency", "query", 422)
    start, end = (queries.midnight(day.isoformat(), calendar.zone) for day in (first, last))
    async with running.connection() as connection:
        rows = [row for row in await rows_of(connection, queue) if urgency in (None, row.category)]
        done, cancelled = await queries.ended(connection, queue, start, end, urgency)
        people = {row.patient_id for row in rows} | {each.patient_id for each in done}
        away = await queries.away(connection, sorted(filter(None, people)), calendar.zone)
    open_now = [wait(queries.stay(row.waiting_since, None, row.referral_id, away), now) for row in rows]
    over = [
        wait(queries.stay(each.at - timedelta(seconds=each.seconds), each.at, each.referral_id, away), now)
        for each in done
    ]
    sizes = {"waiting": open_now, "completed": over, "combined": [*open_now, *over]}
    report = {name: shown(spread(waits), rule.small_sample) for name, waits in sizes.items()}
    said = {"queue": queue, "at": now, "since": first, "until": last, "urgencies": urgencies}
    body = msgspec.json.encode({**said, **report, "combined_is": "lower bound", "cancelled": cancelled})
    return Response(body, media_type="application/json")


ROUTES: tuple[Route, ...] = (get("/queues/{queue}/waits", get_waits, WaitReport),)
