"""HTTP route of a patient's timeline: every fact that the worklist consumed about them. No rules."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from backbone.http.access import Records, Running, members
from backbone.http.disclosure import Reads
from backbone.http.identity import Principal
from backbone.http.resources import page
from backbone.http.routes import get
from backbone.model import Route
from services.worklist.roles import READS_TIMELINES
from services.worklist.timeline import queries
from services.worklist.timeline.documents import KINDS, Timeline, for_others


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
    unreadable = [kind for kind in KINDS if reads is None or reads.purpose_for(kind) is None]
    found = [for_others(each, unreadable) for each in found]
    return page("facts", found, limit, patient_id=records[0])


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/timeline", get_timeline, Timeline, reads="timeline"),
)
