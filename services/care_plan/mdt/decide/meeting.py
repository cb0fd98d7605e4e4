"""The meeting of the team: scheduled, opened and closed by its chair, or cancelled; and who is there."""

from collections.abc import Collection

from backbone.model import Decision, Given, Refused, Ruled, Table, by, ignores, like
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
from services.care_plan.roles import CHAIR, COORDINATOR, not_one_of
from services.care_plan.rules import Rules


def there(people: Collection[str], meeting: InSession, rules: Rules) -> tuple[frozenset[str], list[str]]:
    """Every role that one of them has, as the staff directory has it now; and which roles of the quorum nobody has."""
    present = frozenset[str]().union(*(rules.staff.roles_of(each) for each in people))
    return present, sorted(set(meeting.quorum or rules.care_plan.quorum.values.roles) - present)


def wrong_people(attendees: Collection[str], waived_by: str | None, rules: Rules) -> Refused | None:
    """Who is named is in the staff directory; the chair waives a quorum."""
    if strangers := sorted(set(attendees) - set(rules.staff.by_id)):
        return Refused(f"not in the staff directory: {', '.join(strangers)}", code="unknown-person")
    return not_one_of(CHAIR, waived_by, rules)


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
def close(state: InSession, command: CloseMeeting, given: Given[Rules]) -> Decision:
    """What never was open has nothing to close. Whoever decided had a quorum, or somebody waived it."""
    if given.at < state.start:
        return Refused("the meeting has not begun", code="not-begun")
    if wrong := wrong_people(command.attendees, command.quorum_waived_by, given.rules):
        return wrong
    _, absent = there({*state.present, *command.attendees}, state, given.rules)
    if state.decided and absent and not (state.waived or command.quorum_waived_by):
        reason = f"no quorum: {', '.join(absent)} was not there: name who else was, or who waives it"
        return Refused(reason, code="no-quorum")
    closed = MdtMeetingClosed(
        meeting_id=given.target,
        decided=len(state.decided),
        deferred=command.deferred,
        quorum_met=not absent,
    )
    return [Ruled(closed, (given.rules.care_plan.quorum,))]


@by(COORDINATOR)
def cancel(state: Scheduled, command: CancelMeeting, given: Given[Rules]) -> Decision:
    return [like(MeetingCancelled, command)]


MEETING = Table(
    *(schedule, open_meeting, count, close, cancel),
    ignores(CountDecision, when=(NoMeeting, Closed, Cancelled)),
)
