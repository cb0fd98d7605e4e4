"""The meeting of the multidisciplinary team, and the actions that its decisions leave."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backbone.model import (
    Aggregate,
    Columns,
    Command,
    Decision,
    Flag,
    Given,
    Head,
    Refused,
    State,
    Table,
    by,
    field,
)
from schemas.care_plan.v1.mdt import MdtActionCompleted, MdtMeetingClosed, MdtMeetingScheduled
from services.care_plan.domain.facts import (
    ActionCancelled,
    ActionOpened,
    ActionReassigned,
    DecisionCounted,
    MeetingCancelled,
    MeetingOpened,
)
from services.care_plan.domain.roles import CLINICIAN_OR_COORDINATOR, COORDINATOR
from services.care_plan.domain.rules import Rules

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]


class NoMeeting(State, tag="none", frozen=True, kw_only=True):
    pass


class Scheduled(State, tag="scheduled", frozen=True, kw_only=True):
    start: datetime
    quorum: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()


class InSession(State, tag="open", frozen=True, kw_only=True):
    start: datetime
    quorum: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()


class Closed(State, tag="closed", frozen=True, kw_only=True):
    start: datetime


class Cancelled(State, tag="cancelled", frozen=True, kw_only=True):
    start: datetime


class ScheduleMeeting(Command, tag="schedule_mdt_meeting", kw_only=True, frozen=True):
    """`quorum`: where this meeting needs other roles than the clinic's rule."""

    start: datetime
    quorum: tuple[Code, ...] = ()


class OpenMeeting(Command, tag="open_mdt_meeting", kw_only=True, frozen=True):
    pass


class CountDecision(Command, tag="count_mdt_decision", kw_only=True, frozen=True):
    case_id: str


class CloseMeeting(Command, tag="close_mdt_meeting", kw_only=True, frozen=True):
    """`deferred`: cases still open, each of which is deferred in the same act."""

    deferred: int = 0


class CancelMeeting(Command, tag="cancel_mdt_meeting", kw_only=True, frozen=True):
    reason: Code


@by(COORDINATOR)
def schedule(state: NoMeeting, command: ScheduleMeeting, given: Given[Rules]) -> Decision:
    quorum = command.quorum or given.rules.care_plan.quorum.values.roles
    return [MdtMeetingScheduled(meeting_id=given.target, start=command.start, quorum=quorum)]


@by(CLINICIAN_OR_COORDINATOR)
def open_meeting(state: Scheduled, command: OpenMeeting, given: Given[Rules]) -> Decision:
    return [MeetingOpened()]


def count(state: Scheduled | InSession, command: CountDecision, given: Given[Rules]) -> Decision:
    return () if command.case_id in state.decided else [DecisionCounted(case_id=command.case_id)]


def count_late(
    state: NoMeeting | Closed | Cancelled, command: CountDecision, given: Given[Rules]
) -> Decision:
    return ()


@by(CLINICIAN_OR_COORDINATOR)
def close(state: Scheduled | InSession, command: CloseMeeting, given: Given[Rules]) -> Decision:
    if given.at < state.start:
        return Refused("the meeting has not begun", code="not-begun")
    return [MdtMeetingClosed(meeting_id=given.target, decided=len(state.decided), deferred=command.deferred)]


@by(COORDINATOR)
def cancel(state: Scheduled, command: CancelMeeting, given: Given[Rules]) -> Decision:
    return [MeetingCancelled(reason=command.reason)]


def scheduled(state: NoMeeting, fact: MdtMeetingScheduled, head: Head) -> Scheduled:
    return Scheduled(start=fact.start, quorum=fact.quorum)


def opened(state: Scheduled, fact: MeetingOpened, head: Head) -> InSession:
    return InSession(start=state.start, quorum=state.quorum, decided=state.decided)


def counted(state: Scheduled | InSession, fact: DecisionCounted, head: Head) -> Scheduled | InSession:
    return msgspec.structs.replace(state, decided=(*state.decided, fact.case_id))


def closed(state: Scheduled | InSession, fact: MdtMeetingClosed, head: Head) -> Closed:
    return Closed(start=state.start)


def cancelled(state: Scheduled, fact: MeetingCancelled, head: Head) -> Cancelled:
    return Cancelled(start=state.start)


MDT_MEETING: Aggregate[Any] = Aggregate(
    "mdt_meeting",
    NoMeeting(),
    decide=Table(schedule, open_meeting, count, count_late, close, cancel),
    evolve=Table(scheduled, opened, counted, closed, cancelled),
    has_lane=False,
    has_pathway=False,
)


class NoAction(State, tag="none", frozen=True, kw_only=True):
    pass


class OpenTask(State, tag="open", frozen=True, kw_only=True):
    case_id: str
    kind: str | None = None
    due_on: date
    referral_id: str | None = None
    owner_id: str | None = None


class Done(State, tag="done", frozen=True, kw_only=True):
    case_id: str


class Dropped(State, tag="cancelled", frozen=True, kw_only=True):
    case_id: str


class OpenAction(Command, tag="open_mdt_action", kw_only=True, frozen=True):
    case_id: str
    due_on: date
    kind: Code | None = None


class CompleteAction(Command, tag="complete_mdt_action", kw_only=True, frozen=True):
    pass


class NoteActionDone(Command, tag="note_mdt_action_done", kw_only=True, frozen=True):
    """A fact says that it is done."""


class ReassignAction(Command, tag="reassign_mdt_action", kw_only=True, frozen=True):
    owner_id: str


class CancelAction(Command, tag="cancel_mdt_action", kw_only=True, frozen=True):
    reason: Code


def open_action(state: NoAction, command: OpenAction, given: Given[Rules]) -> Decision:
    return [ActionOpened(case_id=command.case_id, kind=command.kind, due_on=command.due_on)]


@by(CLINICIAN_OR_COORDINATOR)
def complete(state: OpenTask, command: CompleteAction, given: Given[Rules]) -> Decision:
    return [MdtActionCompleted(action_id=given.target, case_id=state.case_id)]


@by(CLINICIAN_OR_COORDINATOR)
def complete_again(state: Done, command: CompleteAction, given: Given[Rules]) -> Decision:
    return ()


def note_done(state: OpenTask, command: NoteActionDone, given: Given[Rules]) -> Decision:
    return [MdtActionCompleted(action_id=given.target, case_id=state.case_id)]


def done_already(state: NoAction | Done | Dropped, command: NoteActionDone, given: Given[Rules]) -> Decision:
    return ()


@by(COORDINATOR)
def reassign(state: OpenTask, command: ReassignAction, given: Given[Rules]) -> Decision:
    return [ActionReassigned(owner_id=command.owner_id)]


@by(COORDINATOR)
def cancel_action(state: OpenTask, command: CancelAction, given: Given[Rules]) -> Decision:
    """Told as completed: nobody has to do it any more."""
    return [
        ActionCancelled(reason=command.reason),
        MdtActionCompleted(action_id=given.target, case_id=state.case_id),
    ]


def action_opened(state: NoAction, fact: ActionOpened, head: Head) -> OpenTask:
    return OpenTask(case_id=fact.case_id, kind=fact.kind, due_on=fact.due_on, referral_id=head.pathway_id)


def completed(state: OpenTask | Dropped, fact: MdtActionCompleted, head: Head) -> Done | Dropped:
    return state if isinstance(state, Dropped) else Done(case_id=state.case_id)


def reassigned(state: OpenTask, fact: ActionReassigned, head: Head) -> OpenTask:
    return msgspec.structs.replace(state, owner_id=fact.owner_id)


def dropped(state: OpenTask, fact: ActionCancelled, head: Head) -> Dropped:
    return Dropped(case_id=state.case_id)


class MdtActions(Columns):
    """How actions are found."""

    referral_id = field("referral_id")
    kind_of_action = field("kind")
    open = Flag(lambda state: isinstance(state, OpenTask))


MDT_ACTION: Aggregate[Any] = Aggregate(
    "mdt_action",
    NoAction(),
    decide=Table(
        *(open_action, complete, complete_again, note_done, done_already, reassign, cancel_action),
    ),
    evolve=Table(action_opened, completed, reassigned, dropped),
    columns=MdtActions,
)
