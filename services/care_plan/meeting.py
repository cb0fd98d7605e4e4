"""Routes of the multidisciplinary team: meetings, cases, decisions, actions. No rules."""

from fastapi import APIRouter
from fastapi.responses import Response

from backbone.http.calls import Calling, load
from backbone.http.problems import checked_id
from backbone.ids import derive
from backbone.model import one, together
from services.care_plan.answering import belonging, changed, give, own, told
from services.care_plan.documents import CaseListing, Deciding, Deferring, Meeting, Reason, Reassigning
from services.care_plan.domain.mdt_case import MDT_CASE, MdtCases
from services.care_plan.domain.mdt_meeting import (
    MDT_ACTION,
    MDT_MEETING,
    CancelAction,
    CancelMeeting,
    CloseMeeting,
    CompleteAction,
    CountDecision,
    OpenAction,
    OpenMeeting,
    ReassignAction,
    ScheduleMeeting,
)
from services.care_plan.domain.mdt_states import DecideCase, DeferCase, ListCase, Task, WithdrawCase


def meeting_routes() -> APIRouter:
    """Everything under /mdt."""
    router = APIRouter(prefix="/mdt", tags=["mdt"])
    meetings(router)
    cases(router)
    decisions(router)
    actions(router)
    return router


def meetings(router: APIRouter) -> None:
    @router.post("/meetings", status_code=201)
    async def schedule(call: Calling, body: Meeting) -> Response:
        cause = call.cause()
        meeting_id = derive(cause.id, "meeting")
        send = MDT_MEETING.send(ScheduleMeeting(start=body.start, quorum=body.quorum), to=one(meeting_id))
        return await call.give(send, answer=told({"meeting_id": meeting_id}), cause=cause)

    @router.post("/meetings/{meeting_id}/open")
    async def open_meeting(call: Calling, meeting_id: str) -> Response:
        return await give(call, MDT_MEETING, meeting_id, OpenMeeting())

    @router.post("/meetings/{meeting_id}/close")
    async def close(call: Calling, meeting_id: str) -> Response:
        """Every case that is still open is deferred in the same act."""
        meeting = own(call.caller, await load(call.runtime, MDT_MEETING, checked_id(meeting_id)))
        listed = await call.runtime.find(MDT_CASE, MdtCases.meeting_id(meeting.id))
        defer = DeferCase(meeting_id=meeting.id, reason="meeting_closed")
        order = together(
            *(MDT_CASE.send(defer, to=one(each.id)) for each in listed),
            MDT_MEETING.send(CloseMeeting(deferred=len(listed)), to=one(meeting.id)),
        )
        return await call.give(order, answer=changed(MDT_MEETING))

    @router.post("/meetings/{meeting_id}/cancel")
    async def cancel(call: Calling, meeting_id: str, body: Reason) -> Response:
        return await give(call, MDT_MEETING, meeting_id, CancelMeeting(reason=body.reason))


def cases(router: APIRouter) -> None:
    @router.post("/cases/{case_id}/list")
    async def enlist(call: Calling, case_id: str, body: CaseListing) -> Response:
        """Put it on the agenda, and say who prepares it."""
        command = ListCase(meeting_id=body.meeting_id, prep_queues=body.prep_queues)
        return await give(call, MDT_CASE, case_id, command)

    @router.post("/cases/{case_id}/defer")
    async def defer(call: Calling, case_id: str, body: Deferring) -> Response:
        case = own(call.caller, await load(call.runtime, MDT_CASE, checked_id(case_id)))
        command = DeferCase(
            meeting_id=getattr(case.state, "meeting_id", ""),
            reason=body.reason,
            next_meeting_id=body.next_meeting_id,
        )
        return await give(call, MDT_CASE, case.id, command)

    @router.post("/cases/{case_id}/withdraw")
    async def withdraw(call: Calling, case_id: str, body: Reason) -> Response:
        return await give(call, MDT_CASE, case_id, WithdrawCase(reason=body.reason))


def decisions(router: APIRouter) -> None:
    @router.post("/cases/{case_id}/decide")
    async def decide(call: Calling, case_id: str, body: Deciding) -> Response:
        """The decision with its actions; without quorum somebody waives it."""
        case = own(call.caller, await load(call.runtime, MDT_CASE, checked_id(case_id)))
        cause = call.cause()
        ids = [derive(cause.id, f"action:{number}") for number, _ in enumerate(body.actions, start=1)]
        command = DecideCase(
            meeting_id=body.meeting_id,
            decision=body.decision,
            attendees=body.attendees,
            summary=body.summary,
            dissent=body.dissent,
            actions=tasks_of(body, ids),
            quorum_waived_by=body.quorum_waived_by,
        )
        opened = [
            MDT_ACTION.send(
                OpenAction(case_id=case.id, due_on=each.due_on, kind=each.kind), to=one(action_id)
            )
            for each, action_id in zip(body.actions, ids, strict=True)
        ]
        order = together(
            MDT_CASE.send(command, to=one(case.id), expecting=call.expecting),
            MDT_MEETING.send(CountDecision(case_id=case.id), to=one(body.meeting_id)),
            *opened,
            **belonging(case),
        )
        return await call.give(order, answer=changed(MDT_CASE), cause=cause)


def tasks_of(body: Deciding, ids: list[str]) -> tuple[Task, ...]:
    """The actions as the case records them."""
    return tuple(
        Task(
            action_id=action_id,
            owner_queue=each.owner_queue,
            owner_id=each.owner_id,
            due_on=each.due_on,
            priority=each.priority,
            text=each.text,
        )
        for each, action_id in zip(body.actions, ids, strict=True)
    )


def actions(router: APIRouter) -> None:
    @router.post("/actions/{action_id}/complete")
    async def complete(call: Calling, action_id: str) -> Response:
        return await give(call, MDT_ACTION, action_id, CompleteAction())

    @router.post("/actions/{action_id}/reassign")
    async def reassign(call: Calling, action_id: str, body: Reassigning) -> Response:
        return await give(call, MDT_ACTION, action_id, ReassignAction(owner_id=body.owner_id))

    @router.post("/actions/{action_id}/cancel")
    async def cancel(call: Calling, action_id: str, body: Reason) -> Response:
        return await give(call, MDT_ACTION, action_id, CancelAction(reason=body.reason))
