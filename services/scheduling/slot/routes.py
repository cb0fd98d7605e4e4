"""HTTP routes of slots: which times are free. No rules."""

from itertools import islice
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from backbone.http.access import Running, Staff
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model import Route
from schemas.codes import Discipline
from schemas.fact import Instant
from schemas.scheduling.v1.codes import Purpose
from services.scheduling.slot import queries
from services.scheduling.slot.documents import FreeSlots


async def list_slots(
    running: Running,
    caller: Staff,
    discipline: Discipline,
    purpose: Purpose,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    until: Annotated[Instant | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """Free times, in order of start; without `from` and `to` those of the next four weeks."""
    wanted = queries.Wanted(discipline, purpose, since or running.clock.now(), until)
    found = await queries.free_slots(running, wanted)
    return reading({"slots": [slot._asdict() for slot in islice(found, limit)]})


ROUTES: tuple[Route, ...] = (get("/slots", list_slots, FreeSlots),)
