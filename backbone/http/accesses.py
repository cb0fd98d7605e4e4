"""Who read what of a person, for the privacy officer; and the way in for those whom the table of rights leaves out,
with a reason, for a time, reviewed by somebody else (PRV-12, PRV-23). The same in every service."""

from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel

from backbone.engine.generic import kinds_of
from backbone.engine.glass import BreakGlass, Glass, ReviewGlass, Whole
from backbone.engine.runtime import Outcome
from backbone.http.access import Operator, Running, Staff
from backbone.http.calls import Call, Calling, Document, RequestBody
from backbone.http.disclosure import Reads
from backbone.http.problems import checked_id, cursor_malformed, not_found
from backbone.http.resources import Actions, Resource, reading
from backbone.http.routes import get, post
from backbone.ids import derive
from backbone.model.aggregate import One, together
from backbone.model.service import Route
from backbone.model.snapshot import Snapshot
from backbone.store.accesses import Recorded, broken_at
from backbone.store.rows import Answer
from schemas.fact import Id
from schemas.generic import GLASS_FINDING
from schemas.said import Text


class Reason(RequestBody):
    reason: Text


class GlassReview(RequestBody):
    finding: Annotated[str, GLASS_FINDING.only]


class GlassBroken(BaseModel):
    """Until then, the person's record is open to who asked."""

    glass_id: Id
    until: str


class GlassDocument(BaseModel):
    """Who opened whose record, until when; `reason` for those who review it; who looked at it."""

    id: Id
    version: int
    patient_id: Id
    status: str
    broken_by: Id
    until: str | None = None
    reason: str | None = None
    reviewed_by: Id | None = None
    finding: str | None = None


class AccessPage(BaseModel):
    """The latest first; `next` is the cursor of the page after, absent on the last one."""

    accesses: list[dict[str, Any]]
    next: str | None = None


async def list_accesses(
    running: Running,
    patient_id: str,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
) -> Response:
    """Who read what of this person here, as what, for what, and who was refused."""
    before = place_of(cursor) if cursor else None
    records = await running.records(checked_id(patient_id))
    found = await running.store.accesses.of(records, before, limit + 1)
    following = f"{found[limit - 1].access.day}.{found[limit - 1].number}" if len(found) > limit else None
    return reading({"accesses": [shown(row) for row in found[:limit]], "next": following})


def shown(row: Recorded) -> Document:
    """Without the others whom the same answer named."""
    access = row.access._asdict()
    del access["lane_keys"]
    return access | {"number": row.number, "people": len(row.access.lane_keys)}


def place_of(cursor: str) -> tuple[date, int]:
    """Raises Problem 400."""
    day, _, number = cursor.partition(".")
    try:
        if number.isascii() and number.isdigit() and len(number) < 10:
            return date.fromisoformat(day), int(number)
    except ValueError:
        pass
    raise cursor_malformed()


class Chain(BaseModel):
    """Of one day (UTC): how many records, the hash of the last, and the first that is not as it was recorded."""

    day: date
    number: int
    head: str
    broken_at: int | None = None


async def get_access_chain(running: Running, caller: Operator, day: date) -> Chain:
    """The end of a day's records, to be kept elsewhere; and whether all of them are there (PRV-24)."""
    accesses = running.store.accesses
    rows, end = await accesses.on(day), await accesses.end(day)
    return Chain(day=day, number=end.number, head=end.head.hex(), broken_at=broken_at(day, rows, end))


async def break_glass(call: Calling, caller: Staff, patient_id: str, body: Reason) -> Response:
    """Open a person's record in need. The reason is read by who reviews it, within 5 business days."""
    cause, aggregate = call.cause(), kinds_of(call.runtime.service)["break_glass"]
    glass_id = derive(cause.id, "glass")
    send = aggregate.send(BreakGlass(reason=body.reason), to=One(glass_id))

    def answer(outcome: Outcome) -> Answer:
        state = outcome.one(aggregate).state
        until = msgspec.to_builtins(state.until)
        return Answer(201, msgspec.json.encode({"glass_id": glass_id, "until": until}), {})

    return await call.give(together(send, about=One(checked_id(patient_id))), answer=answer, cause=cause)


async def glass(running: Running, reads: Reads, caller: Staff, glass_id: str) -> Snapshot[Glass]:
    """Raises Problem 404."""
    found = await running.load(kinds_of(running.service)["break_glass"], checked_id(glass_id))
    if found is None or isinstance(found.state, Whole):
        raise not_found("broken glass")
    if reads is not None:
        await reads.of(found.lane_key)
    return found


BrokenBy = Annotated[Snapshot[Glass], Depends(glass)]


async def get_broken_glass(running: Running, broken: BrokenBy) -> Response:
    """Who opened whose record, why, until when; who looked at it."""
    assert not isinstance(broken.state, Whole)
    body = await running.content(broken.state.note_ref)
    document = msgspec.to_builtins(broken.state) | {"reason": msgspec.json.decode(body) if body else None}
    return reading(document | {"id": broken.id, "version": broken.version, "patient_id": broken.lane_key})


async def get_broken_glass_actions(call: Calling, broken: BrokenBy) -> Response:
    """Whether it waits for a review, and by whom."""
    return glasses(call).actions(call, broken)


async def review_broken_glass(call: Calling, broken: BrokenBy, body: GlassReview) -> Response:
    """Somebody else says whether it was right."""
    return await glasses(call).give(call, broken, ReviewGlass(finding=body.finding))


def glasses(call: Call) -> Resource[Glass]:
    return Resource(kinds_of(call.runtime.service)["break_glass"])


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/access", list_accesses, AccessPage, reads="access"),
    get("/access-chain/{day}", get_access_chain, Chain),
    post("/patients/{patient_id}/break-glass", break_glass, GlassBroken, status=201),
    get("/break-glass/{glass_id}", get_broken_glass, GlassDocument, reads="access"),
    get("/break-glass/{glass_id}/actions", get_broken_glass_actions, Actions, reads="access"),
    post("/break-glass/{glass_id}/review", review_broken_glass, GlassDocument),
)
