"""Facts of the multidisciplinary team: cases, meetings, decisions, actions."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from schemas.codes import Priority, Queue
from schemas.fact import Code, Day, Fact, Id, Instant, sensitivity


class MeetingAction(BaseModel):
    """What somebody has to do by when (MDT-02)."""

    model_config = ConfigDict(frozen=True)

    action_id: Id
    owner_queue: Annotated[Queue, sensitivity("phi")]
    owner_id: Id | None = None
    due_on: Day
    priority: Priority


class CaseFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "mdt_case"


class MdtCaseRequested(CaseFact):
    """A rule or a person puts a case forward."""

    type: Literal["care_plan.mdt_case_requested.v1"] = "care_plan.mdt_case_requested.v1"
    case_id: Id
    reason: Annotated[Code, sensitivity("phi")]
    priority: Priority


class MdtCaseListed(CaseFact):
    """On the agenda of a meeting."""

    type: Literal["care_plan.mdt_case_listed.v1"] = "care_plan.mdt_case_listed.v1"
    case_id: Id
    meeting_id: Id
    start: Instant
    prep_queues: Annotated[tuple[Queue, ...], sensitivity("phi")]


class MdtDecisionRecorded(CaseFact):
    """Decided, with its actions (MDT-02)."""

    type: Literal["care_plan.mdt_decision_recorded.v1"] = "care_plan.mdt_decision_recorded.v1"
    case_id: Id
    meeting_id: Id
    decision: Annotated[Code, sensitivity("phi")]
    attendees: tuple[Code, ...]
    quorum_met: bool
    dissent: bool
    actions: tuple[MeetingAction, ...]
    note_ref: Id


class MdtCaseDeferred(CaseFact):
    """Not decided at this meeting."""

    type: Literal["care_plan.mdt_case_deferred.v1"] = "care_plan.mdt_case_deferred.v1"
    case_id: Id
    meeting_id: Id
    reason: Code
    next_meeting_id: Id | None = None


class MdtCaseWithdrawn(CaseFact):
    """No longer needed."""

    type: Literal["care_plan.mdt_case_withdrawn.v1"] = "care_plan.mdt_case_withdrawn.v1"
    case_id: Id
    reason: Code


class MdtActionCompleted(CaseFact):
    """Done."""

    type: Literal["care_plan.mdt_action_completed.v1"] = "care_plan.mdt_action_completed.v1"
    action_id: Id
    case_id: Id


class MeetingFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "mdt_meeting"


class MdtMeetingScheduled(MeetingFact):
    """A date is set."""

    type: Literal["care_plan.mdt_meeting_scheduled.v1"] = "care_plan.mdt_meeting_scheduled.v1"
    meeting_id: Id
    start: Instant
    quorum: tuple[Code, ...]


class MdtMeetingClosed(MeetingFact):
    """The chair closed it."""

    type: Literal["care_plan.mdt_meeting_closed.v1"] = "care_plan.mdt_meeting_closed.v1"
    meeting_id: Id
    decided: int
    deferred: int
