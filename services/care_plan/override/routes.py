"""HTTP routes of overrides: what a rule asks, and what somebody of its role decides. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import StaffOf
from backbone.http.calls import Calling
from backbone.http.identity import Caller
from backbone.http.resources import Actions, Resource
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot
from services.care_plan.override.aggregate import OVERRIDE, DecideOverride
from services.care_plan.override.documents import OverrideDecision
from services.care_plan.override.states import Override

OVERRIDES = Resource(OVERRIDE)
ThisOverride = Annotated[Snapshot[Override], StaffOf(OVERRIDE, "override_id")]


async def get_override(caller: Caller, override: ThisOverride) -> Response:
    """Which rule asks about what, and what was decided."""
    return OVERRIDES.seen(override, caller)


async def get_override_actions(call: Calling, override: ThisOverride) -> Response:
    """What may be done with this version now, and by whom."""
    return OVERRIDES.actions(call, override)


async def decide_override(call: Calling, override: ThisOverride, body: OverrideDecision) -> Response:
    """Somebody of the rule's role says whether to go on. What is refused stays blocked and can be decided again."""
    return await OVERRIDES.give(call, override, DecideOverride(**body.model_dump()))


ROUTES: tuple[Route, ...] = (
    get("/overrides/{override_id}", get_override, OVERRIDE, reads="care"),
    get("/overrides/{override_id}/actions", get_override_actions, Actions, reads="care"),
    post("/overrides/{override_id}/decide", decide_override, OVERRIDE),
)
