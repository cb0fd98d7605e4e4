"""HTTP routes of times of groups: looked at, kept or called off by name. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import StaffOf, members
from backbone.http.calls import Calling
from backbone.http.identity import Caller, Principal
from backbone.http.problems import not_found
from backbone.http.resources import Actions, Resource
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.group_time import reactions
from services.scheduling.group_time.aggregate import GROUP_TIME, CallOffGroup, KeepGroup
from services.scheduling.group_time.documents import GroupShown, Keeping, group_document
from services.scheduling.group_time.states import GroupTime, NoGroup
from services.scheduling.roles import DECIDES_GROUPS
from services.scheduling.slot.queries import places_taken
from services.scheduling.slot.states import SlotTime

GROUPS = Resource(GROUP_TIME, group_document)
Group = Annotated[Snapshot[GroupTime], StaffOf(GROUP_TIME, "group_id")]


async def get_group(caller: Caller, group: Group) -> Response:
    """When it is, and how many have a place."""
    return GROUPS.seen(group, caller)


async def get_group_actions(call: Calling, group: Group) -> Response:
    """Whether somebody has to decide, and who may."""
    return GROUPS.actions(call, group)


async def keep_group(call: Calling, group: Group, body: Keeping) -> Response:
    """It takes place with as few as have a place."""
    return await GROUPS.give(call, group, like(KeepGroup, body))


async def call_off_group(
    caller: Annotated[Principal, members(DECIDES_GROUPS)], call: Calling, group: Group
) -> Response:
    """It does not take place: everybody who has a place is cancelled by the clinic, and gets another date; who is asked
    for one is asked no more."""
    if isinstance(group.state, NoGroup):
        raise not_found("group")
    who = tuple(group.state.places.values())
    asked = await places_taken(call.runtime, like(SlotTime, group.state))
    found = [await call.runtime.load(APPOINTMENT, each) for each in dict.fromkeys((*who, *asked.values()))]
    called_off = GROUPS.send(call, group, CallOffGroup(appointment_ids=who))
    return await GROUPS.order(
        call, reactions.call_off(called_off, group.state, [each for each in found if each])
    )


ROUTES: tuple[Route, ...] = (
    get("/groups/{group_id}", get_group, GroupShown),
    get("/groups/{group_id}/actions", get_group_actions, Actions),
    post("/groups/{group_id}/keep", keep_group, GroupShown),
    post("/groups/{group_id}/call-off", call_off_group, GroupShown),
)
