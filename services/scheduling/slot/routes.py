"""HTTP routes of slots: which times are free, and what is answered to who comes second. No rules."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import Annotated

import msgspec
from fastapi import Query
from fastapi.responses import Response

from backbone.engine.runtime import Runtime
from backbone.http.access import Running, Staff
from backbone.http.resources import reading
from backbone.http.routes import get
from backbone.model import Route
from schemas.codes import Discipline
from schemas.fact import Instant
from schemas.scheduling.v1.codes import Purpose
from services.scheduling.rules import Rules
from services.scheduling.slot import queries
from services.scheduling.slot.aggregate import TAKEN
from services.scheduling.slot.documents import FreeSlots
from services.scheduling.slot.states import SlotTime

ALTERNATIVES = 5
Give = Callable[[Sequence[SlotTime]], Awaitable[Response]]
"""Asks for these times, each with its place."""


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


async def at_places(
    runtime: Runtime,
    wanted: queries.Wanted | None,
    times: Sequence[SlotTime],
    whose: Sequence[str],
    give: Give,
) -> Response:
    """At the places that are free; at others while there are some, where somebody took them in between. Who comes too
    late for all of them is shown what is still free."""
    rules: Rules = runtime.rules
    places = await queries.seated(runtime, times, whose)
    for _ in range(rules.scheduling.groups.values.most):
        response = await give(places)
        if not is_taken(response):
            return response
        before, places = places, await queries.seated(runtime, times, whose)
        if places == before:
            break
    return await with_alternatives(runtime, response, wanted) if wanted else response


def is_taken(response: Response) -> bool:
    return response.status_code == 409 and str(msgspec.json.decode(response.body).get("type")).endswith(TAKEN)


async def with_alternatives(runtime: Runtime, response: Response, wanted: queries.Wanted) -> Response:
    body, rules = msgspec.json.decode(response.body), runtime.rules
    free = [*islice(await queries.free_slots(runtime, wanted), ALTERNATIVES)]
    shown = body | {"alternatives": [slot._asdict() for slot in free]}
    if free:
        first = rules.calendar.local(free[0].start)
        shown |= {"detail": f"{body['detail']}: the next that is free is {first:%Y-%m-%d %H:%M}"}
    return Response(msgspec.json.encode(shown), 409, media_type=response.media_type)


ROUTES: tuple[Route, ...] = (get("/slots", list_slots, FreeSlots),)
