"""Private facts of cases, meetings and actions."""

from typing import Annotated, Literal

from schemas.care_plan.v1.mdt import MdtCaseRequested
from schemas.codes import Queue
from schemas.fact import Code, Day, Id, Instant, PrivateFact, sensitivity
from schemas.proposal import Proposal


class ReasonAdded(Proposal, PrivateFact):
    """One more reason for a case that is open."""

    type: Literal["care_plan.case_reason_added.v1"] = "care_plan.case_reason_added.v1"
    reason: Annotated[Code, sensitivity("phi")]
    priority: Code
    requested_by: Id | None = None
    question_ref: Id | None = None
    instead_of = MdtCaseRequested

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.reason,)


class IntervalBegun(PrivateFact):
    """MDT-01 counts from here: the fact that came true `at`."""

    type: Literal["care_plan.mdt_interval_begun.v1"] = "care_plan.mdt_interval_begun.v1"
    on: Day
    at: Instant
    high_risk: bool
    running: bool
    held: bool = False


class MeetingOpened(PrivateFact):
    """The chair opened it."""

    type: Literal["care_plan.mdt_meeting_opened.v1"] = "care_plan.mdt_meeting_opened.v1"


class MeetingCancelled(PrivateFact):
    """It will not take place."""

    type: Literal["care_plan.mdt_meeting_cancelled.v1"] = "care_plan.mdt_meeting_cancelled.v1"
    reason: Code


class DecisionCounted(PrivateFact):
    """A case was decided at the meeting, by those who were there."""

    type: Literal["care_plan.mdt_decision_counted.v1"] = "care_plan.mdt_decision_counted.v1"
    case_id: Id
    attendees: tuple[Id, ...] = ()
    quorum_waived_by: Id | None = None


class ActionOpened(PrivateFact):
    """Somebody has something to do."""

    type: Literal["care_plan.mdt_action_opened.v1"] = "care_plan.mdt_action_opened.v1"
    case_id: Id
    kind: Code | None = None
    due_on: Day
    owner_queue: Queue | None = None
    owner_id: Id | None = None


class ActionReassigned(PrivateFact):
    """Somebody else has it to do."""

    type: Literal["care_plan.mdt_action_reassigned.v1"] = "care_plan.mdt_action_reassigned.v1"
    owner_id: Id


class ActionCancelled(PrivateFact):
    """Nobody has to do it any more."""

    type: Literal["care_plan.mdt_action_cancelled.v1"] = "care_plan.mdt_action_cancelled.v1"
    reason: Code
