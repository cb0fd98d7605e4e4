"""HTTP routes of activities: what a discipline does with its work. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import StaffOf
from backbone.http.calls import Calling
from backbone.http.identity import Caller
from backbone.http.resources import Actions, Resource
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot
from services.care_plan.activity.aggregate import ACTIVITY
from services.care_plan.activity.commands import (
    Accept,
    AskInformation,
    Cancel,
    Complete,
    CompleteSession,
    Decline,
    EndQuestion,
    Pause,
    Receive,
    Resume,
    Review,
    Start,
    Stop,
)
from services.care_plan.activity.documents import (
    ActivityReview,
    Answering,
    Asking,
    Completion,
    Session,
    Taking,
    Why,
)
from services.care_plan.activity.reactions import hold_session
from services.care_plan.activity.states import Activity, activity_status

ACTIVITIES = Resource(ACTIVITY)
ThisActivity = Annotated[Snapshot[Activity], StaffOf(ACTIVITY, "activity_id")]


async def get_activity(caller: Caller, activity: ThisActivity) -> Response:
    """The work, with both of its statuses."""
    return ACTIVITIES.seen(activity, caller, activity_status=activity_status(activity.state))


async def get_activity_actions(call: Calling, activity: ThisActivity) -> Response:
    """What may be done with this version now, and by whom."""
    return ACTIVITIES.actions(call, activity)


async def receive_activity(call: Calling, activity: ThisActivity) -> Response:
    """The discipline has seen it."""
    return await ACTIVITIES.give(call, activity, Receive())


async def ask_information(call: Calling, activity: ThisActivity, body: Asking) -> Response:
    """The discipline needs to know something before it takes it."""
    return await ACTIVITIES.give(call, activity, AskInformation(**body.model_dump()))


async def end_question(call: Calling, activity: ThisActivity, body: Answering) -> Response:
    """Who was asked has provided it, or can't."""
    return await ACTIVITIES.give(call, activity, EndQuestion(result=body.result))


async def accept_activity(call: Calling, activity: ThisActivity, body: Taking | None = None) -> Response:
    """The discipline takes it: dates are asked for."""
    return await ACTIVITIES.give(call, activity, Accept(without_missing=bool(body and body.without_missing)))


async def decline_activity(call: Calling, activity: ThisActivity, body: Why) -> Response:
    """The discipline does not take it."""
    return await ACTIVITIES.give(call, activity, Decline(reason=body.reason))


async def start_activity(call: Calling, activity: ThisActivity) -> Response:
    """The assessment visit, or the first session."""
    return await ACTIVITIES.give(call, activity, Start())


async def complete_session(call: Calling, activity: ThisActivity, body: Session) -> Response:
    """One more session. The pharmacist's also looks at the medication again."""
    command = CompleteSession(**body.model_dump())
    return await ACTIVITIES.order(call, hold_session(activity, command, call.expecting))


async def pause_activity(call: Calling, activity: ThisActivity, body: Why) -> Response:
    """It is put on hold."""
    return await ACTIVITIES.give(call, activity, Pause(reason=body.reason))


async def resume_activity(call: Calling, activity: ThisActivity) -> Response:
    """It goes on."""
    return await ACTIVITIES.give(call, activity, Resume())


async def complete_activity(call: Calling, activity: ThisActivity, body: Completion) -> Response:
    """It is done."""
    return await ACTIVITIES.give(call, activity, Complete(result=body.result))


async def stop_activity(call: Calling, activity: ThisActivity, body: Why) -> Response:
    """No benefit, or harm."""
    return await ACTIVITIES.give(call, activity, Stop(reason=body.reason))


async def cancel_activity(call: Calling, activity: ThisActivity, body: Why) -> Response:
    """Before it began."""
    return await ACTIVITIES.give(call, activity, Cancel(reason=body.reason))


async def review_activity(call: Calling, activity: ThisActivity, body: ActivityReview) -> Response:
    """What MOD-01 to MOD-03 asked for."""
    return await ACTIVITIES.give(call, activity, Review(**body.model_dump()))


ROUTES: tuple[Route, ...] = (
    get("/activities/{activity_id}", get_activity, ACTIVITY, reads="care"),
    get("/activities/{activity_id}/actions", get_activity_actions, Actions, reads="care"),
    post("/activities/{activity_id}/receive", receive_activity, ACTIVITY),
    post("/activities/{activity_id}/question", ask_information, ACTIVITY),
    post("/activities/{activity_id}/question/end", end_question, ACTIVITY),
    post("/activities/{activity_id}/accept", accept_activity, ACTIVITY),
    post("/activities/{activity_id}/decline", decline_activity, ACTIVITY),
    post("/activities/{activity_id}/start", start_activity, ACTIVITY),
    post("/activities/{activity_id}/sessions", complete_session, ACTIVITY),
    post("/activities/{activity_id}/pause", pause_activity, ACTIVITY),
    post("/activities/{activity_id}/resume", resume_activity, ACTIVITY),
    post("/activities/{activity_id}/complete", complete_activity, ACTIVITY),
    post("/activities/{activity_id}/stop", stop_activity, ACTIVITY),
    post("/activities/{activity_id}/cancel", cancel_activity, ACTIVITY),
    post("/activities/{activity_id}/review", review_activity, ACTIVITY),
)
