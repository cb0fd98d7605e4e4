"""HTTP routes of joint days: planned by the desk, taken or declined by the patient. No rules."""

from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import Depends
from fastapi.responses import Response

from backbone.engine.runtime import Runtime
from backbone.http.access import Mine, Running, members
from backbone.http.calls import Calling
from backbone.http.identity import Principal
from backbone.http.problems import Problem, not_found
from backbone.http.resources import Actions, Resource, told
from backbone.http.routes import get, post
from backbone.ids import derive
from backbone.model import Route, Snapshot, one, together
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.states import Appointment, Known, Pending
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
)
from services.scheduling.booking_request.queries import assessments_before
from services.scheduling.booking_request.routes import opened
from services.scheduling.booking_request.states import Open
from services.scheduling.joint_day import reactions
from services.scheduling.joint_day.aggregate import JOINT_DAY, JointDay, KeepRest, ProposeDay, ProposedDay
from services.scheduling.joint_day.documents import JointDayNamed, LegAgain, Planning
from services.scheduling.roles import COORDINATOR
from services.scheduling.rules import Rules
from services.scheduling.slot.queries import seat
from services.scheduling.slot.states import SlotTime

DAYS = Resource(JOINT_DAY)
Day = Annotated[Snapshot[JointDay], Mine(JOINT_DAY, "day_id")]


async def part_of(running: Running, request: Snapshot[Open], time: SlotTime) -> reactions.Part:
    first = await assessments_before(running, request.state.wish)
    return reactions.Part(request, await seat(running, time), first)


async def parts_of(
    running: Running, caller: Annotated[Principal, members(COORDINATOR)], body: Planning
) -> Sequence[reactions.Part]:
    """Raises Problem 404 for a request that is not this patient's, 409 for one that gets no dates."""
    found = []
    for leg in body.legs:
        request = await running.load(BOOKING_REQUEST, leg.booking_request_id)
        if request is None or (request.lane_key, request.pathway_id) != (body.patient_id, body.referral_id):
            raise not_found("booking request of this patient and referral")
        found.append(await part_of(running, opened(request), leg.slot.time))
    return found


async def legs_of(running: Running, day: Day) -> Sequence[Snapshot[Appointment]]:
    """The appointments of a day that waits for an answer."""
    if not isinstance(day.state, ProposedDay):
        return ()
    found = [await running.load(APPOINTMENT, leg.appointment_id) for leg in day.state.legs]
    return [leg for leg in found if leg is not None]


async def as_it_is_now(running: Runtime, leg: Snapshot[Appointment]) -> reactions.Held:
    matter = leg.state.matter if isinstance(leg.state, Known) else None
    return reactions.Held(leg, await assessments_before(running, matter) if matter else None)


Legs = Annotated[Sequence[Snapshot[Appointment]], Depends(legs_of)]


async def get_joint_day_actions(call: Calling, day: Day) -> Response:
    """What may be done with it as it stands, and by whom."""
    return DAYS.actions(call, day)


async def plan_joint_day(
    call: Calling, parts: Annotated[Sequence[reactions.Part], Depends(parts_of)], body: Planning
) -> Response:
    """Several disciplines on one date: agreed at once, or held until the patient has answered."""
    cause = call.cause()
    day_id = derive(cause.id, "joint day")
    rules = cast(Rules, call.runtime.rules)
    hours, first = rules.scheduling.joint_days.values.hold_hours, min(part.time.start for part in parts)
    until = rules.held_until(cause.at, first, hours)
    day = ProposeDay(legs=tuple(part.leg for part in parts), mode=body.mode, hold_until=until)
    if body.hold:
        order = reactions.propose(day_id, day, parts)
    else:
        order = reactions.book(day_id, day, parts, body.short_notice_accepted)
    return await call.give(order, answer=told({"joint_day_id": day_id}), cause=cause)


async def accept_joint_day(call: Calling, day: Day, legs: Legs) -> Response:
    """The patient comes: every leg is booked."""
    if not all(isinstance(leg.state, Pending) for leg in legs):
        raise Problem(409, "hold-over", "A date of this day is no longer held: propose it anew.")
    order = reactions.accept(day, [await as_it_is_now(call.runtime, leg) for leg in legs])
    return await call.give(order, answer=told({"joint_day_id": day.id}, 200))


async def decline_joint_day(call: Calling, day: Day, legs: Legs) -> Response:
    """The patient does not come: every hold is free again."""
    return await call.give(reactions.decline(day, legs), answer=told({"joint_day_id": day.id}, 200))


async def replaced_part(running: Running, day: Day, body: LegAgain) -> reactions.Part:
    """Raises Problem 404 for a request that is not about the patient and referral of the day."""
    request = await running.load(BOOKING_REQUEST, body.booking_request_id)
    if request is None or (request.lane_key, request.pathway_id) != (day.lane_key, day.pathway_id):
        raise not_found("booking request of this patient and referral")
    return await part_of(running, opened(request), body.slot.time)


async def replace_leg(
    call: Calling,
    caller: Annotated[Principal, members(COORDINATOR)],
    day: Day,
    part: Annotated[reactions.Part, Depends(replaced_part)],
    body: LegAgain,
) -> Response:
    """Another date on the same day, in the place of a leg that is off."""
    order = reactions.replace(day, part, body.short_notice_accepted)
    return await call.give(order, answer=told({"joint_day_id": day.id}, 200))


async def keep_rest(call: Calling, day: Day) -> Response:
    """The day takes place with the legs that are left."""
    order = together(JOINT_DAY.send(KeepRest(), to=one(day.id)))
    return await call.give(order, answer=told({"joint_day_id": day.id}, 200))


ROUTES: tuple[Route, ...] = (
    post("/joint-days", plan_joint_day, JointDayNamed, status=201),
    get("/joint-days/{day_id}/actions", get_joint_day_actions, Actions, reads="visit"),
    post("/joint-days/{day_id}/accept", accept_joint_day, JointDayNamed),
    post("/joint-days/{day_id}/decline", decline_joint_day, JointDayNamed),
    post("/joint-days/{day_id}/legs", replace_leg, JointDayNamed),
    post("/joint-days/{day_id}/keep", keep_rest, JointDayNamed),
)
