"""HTTP route of a patient's timeline: every fact that the worklist consumed about them. No rules."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from backbone.http.access import Records, Running, members
from backbone.http.disclosure import Reads, may_read
from backbone.http.identity import Principal
from backbone.http.resources import page
from backbone.http.routes import get
from backbone.model import Route
from services.worklist.roles import READS_TIMELINES
from services.worklist.timeline import queries
from services.worklist.timeline.documents import KINDS, Timeline, for_others, with_marks


async def get_timeline(
    running: Running,
    caller: Annotated[Principal, members(READS_TIMELINES)],
    reads: Reads,
    records: Annotated[tuple[str, ...], Records("patient_id")],
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[int, Query(ge=0, le=2**63 - 1, description="`next` of the page before")] = 0,
) -> Response:
    """Type, time, actor and codes of each fact; texts stay where they were written. Patients see their own, without
    the codes that are not for them elsewhere."""
    async with running.connection() as connection:
        found = await queries.timeline(connection, records, cursor, limit)
    unreadable = [kind for kind in KINDS if not may_read(reads, kind)]
    rules = [each.pop("rules") or "" for each in found]
    found = [for_others(each, unreadable) for each in found]
    if caller.kind == "user":
        unverified = running.rules.unverified_anywhere
        found = [with_marks(each, names, unverified) for each, names in zip(found, rules, strict=True)]
    return page("facts", found, limit, patient_id=records[0])


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/timeline", get_timeline, Timeline, reads="timeline"),
)
