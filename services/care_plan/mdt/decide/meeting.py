"""The meeting of the team: scheduled, opened and closed by its chair, or cancelled."""

from backbone.model import Decision, Given, Refused, Table, by, ignores, like
from schemas.care_plan.v1.mdt import MdtMeetingClosed, MdtMeetingScheduled
from services.care_plan.mdt.commands import (
    CancelMeeting,
    CloseMeeting,
    CountDecision,
    OpenMeeting,
    ScheduleMeeting,
)
from services.care_plan.mdt.facts import DecisionCounted, MeetingCancelled, MeetingOpened
from services.care_plan.mdt.states import Cancelled, Closed, InSession, NoMeeting, Scheduled
from services.care_plan.roles import CHAIR, COORDINATOR
from services.care_plan.rules import Rules


@by(COORDINATOR)
def schedule(state: NoMeeting, command: ScheduleMeeting, given: Given[Rules]) -> Decision:
    quorum = command.quorum or given.rules.care_plan.quorum.values.roles
    return [MdtMeetingScheduled(meeting_id=given.target, start=command.start, quorum=quorum)]


@by(CHAIR)
def open_meeting(state: Scheduled, command: OpenMeeting, given: Given[Rules]) -> Decision:
    return [MeetingOpened()]


def count(state: Scheduled | InSession, command: CountDecision, given: Given[Rules]) -> Decision:
    return () if command.case_id in state.decided else [like(DecisionCounted, command)]


@by(CHAIR)
def close(state: Scheduled | InSession, command: CloseMeeting, given: Given[Rules]) -> Decision:
    if given.at < state.start:
        return Refused("the meeting has not begun", code="not-begun")
    return [MdtMeetingClosed(meeting_id=given.target, decided=len(state.decided), deferred=command.deferred)]


@by(COORDINATOR)
def cancel(state: Scheduled, command: CancelMeeting, given: Given[Rules]) -> Decision:
    return [like(MeetingCancelled, command)]


MEETING = Table(
    *(schedule, open_meeting, count, close, cancel),
    ignores(CountDecision, when=(NoMeeting, Closed, Cancelled)),
)
