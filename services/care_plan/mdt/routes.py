"""HTTP routes of the multidisciplinary team: meetings, cases, decisions, actions. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Running, Staff, StaffOf
from backbone.http.calls import Calling
from backbone.http.identity import Caller
from backbone.http.resources import Actions, Resource, reading, told
from backbone.http.routes import get, post
from backbone.ids import derive
from backbone.model import Route, Snapshot, one, together
from services.care_plan.activity.documents import Why
from services.care_plan.mdt import queries
from services.care_plan.mdt.aggregate import MDT_ACTION, MDT_CASE, MDT_MEETING, case_id
from services.care_plan.mdt.commands import (
    AskTeam,
    CancelAction,
    CancelMeeting,
    CloseMeeting,
    CompleteAction,
    DeferCase,
    ListCase,
    OpenMeeting,
    ReassignAction,
    ScheduleMeeting,
    WithdrawCase,
)
from services.care_plan.mdt.documents import (
    Agenda,
    CaseId,
    CaseListing,
    Closing,
    Deciding,
    Deferring,
    Meeting,
    MeetingId,
    Meetings,
    NewCase,
    Reassigning,
    case_document,
)
from services.care_plan.mdt.reactions import decide, end_meeting
from services.care_plan.mdt.states import MdtAction, MdtCase, MdtMeeting

MEETINGS, CASES, ACTIONS = Resource(MDT_MEETING), Resource(MDT_CASE, case_document), Resource(MDT_ACTION)
ThisMeeting = Annotated[Snapshot[MdtMeeting], StaffOf(MDT_MEETING, "meeting_id")]
ThisCase = Annotated[Snapshot[MdtCase], StaffOf(MDT_CASE, "case_id")]
ThisAction = Annotated[Snapshot[MdtAction], StaffOf(MDT_ACTION, "action_id")]


async def schedule_meeting(call: Calling, caller: Staff, body: Meeting) -> Response:
    """A date is set."""
    cause = call.cause()
    meeting_id = derive(cause.id, "meeting")
    send = MDT_MEETING.send(ScheduleMeeting(start=body.start, quorum=body.quorum), to=one(meeting_id))
    return await call.give(send, answer=told({"meeting_id": meeting_id}), cause=cause)


async def list_meetings(running: Running, caller: Staff) -> Response:
    """Those that are not over, in order of start."""
    return reading({"meetings": await queries.ahead(running)})


async def get_meeting(caller: Caller, meeting: ThisMeeting) -> Response:
    """As it stands."""
    return MEETINGS.seen(meeting, caller)


async def get_agenda(running: Running, meeting: ThisMeeting) -> Response:
    """Its cases with what is asked, and the open actions of earlier meetings."""
    today = running.rules.calendar.day(running.clock.now())
    return reading(await queries.agenda(running, meeting.id, today))


async def ask_team(call: Calling, caller: Staff, body: NewCase) -> Response:
    """A question for the team: one more reason where the case is open already."""
    cause, to = call.cause(), case_id(body.referral_id)
    command = AskTeam(**body.model_dump(exclude={"patient_id"}))
    order = together(
        MDT_CASE.send(command, to=one(to)),
        about=one(body.patient_id),
        pathway=one(body.referral_id),
    )
    return await call.give(order, answer=told({"case_id": to}), cause=cause)


async def get_case(caller: Caller, case: ThisCase) -> Response:
    """As it stands; what the team said is among the contents."""
    return CASES.seen(case, caller)


async def get_action(caller: Caller, action: ThisAction) -> Response:
    """As it stands."""
    return ACTIONS.seen(action, caller)


async def get_meeting_actions(call: Calling, meeting: ThisMeeting) -> Response:
    """What may be done with this version now, and by whom."""
    return MEETINGS.actions(call, meeting)


async def open_meeting(call: Calling, meeting: ThisMeeting) -> Response:
    """It begins."""
    return await MEETINGS.give(call, meeting, OpenMeeting())


async def close_meeting(call: Calling, meeting: ThisMeeting, body: Closing | None = None) -> Response:
    """Every case that is still open is deferred in the same act. Only what was opened is closed."""
    left = await queries.undecided(call.runtime, meeting.id)
    command = CloseMeeting(deferred=len(left), **(body.model_dump() if body else {}))
    return await MEETINGS.order(call, end_meeting(meeting, command, left, "meeting_closed", call.expecting))


async def cancel_meeting(call: Calling, meeting: ThisMeeting, body: Why) -> Response:
    """It will not take place: its cases are deferred in the same act."""
    left = await queries.undecided(call.runtime, meeting.id)
    command = CancelMeeting(reason=body.reason)
    return await MEETINGS.order(call, end_meeting(meeting, command, left, body.reason, call.expecting))


async def get_case_actions(call: Calling, case: ThisCase) -> Response:
    """What may be done with this version now, and by whom."""
    return CASES.actions(call, case)


async def list_case(call: Calling, case: ThisCase, body: CaseListing) -> Response:
    """Put it on the agenda, and say who prepares it."""
    return await CASES.give(call, case, ListCase(**body.model_dump()))


async def decide_case(call: Calling, case: ThisCase, body: Deciding) -> Response:
    """The decision with its actions; without quorum the chair waives it."""
    cause = call.cause()
    order = decide(case, body.command(cause.id), call.expecting)
    return await call.give(order, answer=CASES.changed(call.caller), cause=cause)


async def defer_case(call: Calling, case: ThisCase, body: Deferring) -> Response:
    """Not at this meeting."""
    return await CASES.give(call, case, DeferCase(**body.model_dump()))


async def withdraw_case(call: Calling, case: ThisCase, body: Why) -> Response:
    """Nobody needs a decision any more."""
    return await CASES.give(call, case, WithdrawCase(reason=body.reason))


async def get_action_actions(call: Calling, action: ThisAction) -> Response:
    """What may be done with this version now, and by whom."""
    return ACTIONS.actions(call, action)


async def complete_action(call: Calling, action: ThisAction) -> Response:
    """It is done."""
    return await ACTIONS.give(call, action, CompleteAction())


async def reassign_action(call: Calling, action: ThisAction, body: Reassigning) -> Response:
    """Somebody else of its queue has it to do."""
    return await ACTIONS.give(call, action, ReassignAction(owner_id=body.owner_id))


async def cancel_action(call: Calling, action: ThisAction, body: Why) -> Response:
    """Nobody has to do it any more."""
    return await ACTIONS.give(call, action, CancelAction(reason=body.reason))


ROUTES: tuple[Route, ...] = (
    post("/mdt/meetings", schedule_meeting, MeetingId, status=201),
    get("/mdt/meetings", list_meetings, Meetings),
    get("/mdt/meetings/{meeting_id}", get_meeting, MDT_MEETING),
    get("/mdt/meetings/{meeting_id}/agenda", get_agenda, Agenda, reads="care"),
    post("/mdt/cases", ask_team, CaseId, status=201),
    get("/mdt/cases/{case_id}", get_case, MDT_CASE, reads="care"),
    get("/mdt/actions/{action_id}", get_action, MDT_ACTION, reads="care"),
    get("/mdt/meetings/{meeting_id}/actions", get_meeting_actions, Actions),
    post("/mdt/meetings/{meeting_id}/open", open_meeting, MDT_MEETING),
    post("/mdt/meetings/{meeting_id}/close", close_meeting, MDT_MEETING),
    post("/mdt/meetings/{meeting_id}/cancel", cancel_meeting, MDT_MEETING),
    get("/mdt/cases/{case_id}/actions", get_case_actions, Actions, reads="care"),
    post("/mdt/cases/{case_id}/list", list_case, MDT_CASE),
    post("/mdt/cases/{case_id}/decide", decide_case, MDT_CASE),
    post("/mdt/cases/{case_id}/defer", defer_case, MDT_CASE),
    post("/mdt/cases/{case_id}/withdraw", withdraw_case, MDT_CASE),
    get("/mdt/actions/{action_id}/actions", get_action_actions, Actions, reads="care"),
    post("/mdt/actions/{action_id}/complete", complete_action, MDT_ACTION),
    post("/mdt/actions/{action_id}/reassign", reassign_action, MDT_ACTION),
    post("/mdt/actions/{action_id}/cancel", cancel_action, MDT_ACTION),
)
