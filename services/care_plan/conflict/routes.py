"""HTTP routes of conflicts: what stands against what, and that it may be. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import StaffOf
from backbone.http.calls import Calling
from backbone.http.identity import Caller
from backbone.http.resources import Actions, Resource
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot
from services.care_plan.conflict.aggregate import CONFLICT
from services.care_plan.conflict.commands import AcceptConflict
from services.care_plan.conflict.states import Conflict

CONFLICTS = Resource(CONFLICT)
ThisConflict = Annotated[Snapshot[Conflict], StaffOf(CONFLICT, "conflict_id")]


async def get_conflict(caller: Caller, conflict: ThisConflict) -> Response:
    """The dates that don't go together, as they stand."""
    return CONFLICTS.seen(conflict, caller)


async def get_conflict_actions(call: Calling, conflict: ThisConflict) -> Response:
    """What may be done with this version now, and by whom."""
    return CONFLICTS.actions(call, conflict)


async def accept_conflict(call: Calling, conflict: ThisConflict) -> Response:
    """A clinician: it may be as it is. Whoever moves a date, pauses or stops the activity does so there."""
    return await CONFLICTS.give(call, conflict, AcceptConflict())


ROUTES: tuple[Route, ...] = (
    get("/conflicts/{conflict_id}", get_conflict, CONFLICT, reads="care"),
    get("/conflicts/{conflict_id}/actions", get_conflict_actions, Actions, reads="care"),
    post("/conflicts/{conflict_id}/accept", accept_conflict, CONFLICT),
)
