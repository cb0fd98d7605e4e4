"""Facts of the multidisciplinary team: cases, meetings, decisions, actions."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import CareReason, CaseDecision, CaseReason
from schemas.codes import Priority, Queue
from schemas.fact import FEW, SOME, Count, Day, Fact, Id, Instant, Part, Word, YesNo, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType


class MeetingAction(Part):
    """What somebody has to do by when (MDT-02)."""

    action_id: Id
    owner_queue: Annotated[Queue, sensitivity("phi")]
    owner_id: Id | None = None
    due_on: Day
    priority: Priority


class CaseFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "mdt_case"


class MdtCaseRequested(Proposal, CaseFact):
    """A rule or a person puts a case forward."""

    type: Literal["care_plan.mdt_case_requested.v1"] = "care_plan.mdt_case_requested.v1"
    case_id: Id
    reason: Annotated[CaseReason, sensitivity("phi")]
    priority: Priority
    requested_by: Id | None = None
    question_ref: Id | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.reason,)


class MdtCaseListed(CaseFact):
    """On the agenda of a meeting."""

    type: Literal["care_plan.mdt_case_listed.v1"] = "care_plan.mdt_case_listed.v1"
    case_id: Id
    meeting_id: Id
    start: Instant
    prep_queues: Annotated[tuple[Queue, ...], FEW, sensitivity("phi")]


class MdtDecisionRecorded(Answer, CaseFact):
    """Decided, with its actions (MDT-02)."""

    type: Literal["care_plan.mdt_decision_recorded.v1"] = "care_plan.mdt_decision_recorded.v1"
    case_id: Id
    meeting_id: Id
    decision: Annotated[CaseDecision, sensitivity("phi")]
    attendees: Annotated[tuple[Word, ...], SOME]
    quorum_met: YesNo
    dissent: YesNo
    actions: Annotated[tuple[MeetingAction, ...], SOME]
    decided_by: Id | None = None
    note_ref: Id
    answers_to = (MdtCaseRequested,)


class MdtCaseDeferred(CaseFact):
    """Not decided at this meeting."""

    type: Literal["care_plan.mdt_case_deferred.v1"] = "care_plan.mdt_case_deferred.v1"
    case_id: Id
    meeting_id: Id
    reason: CareReason
    next_meeting_id: Id | None = None


class MdtCaseWithdrawn(Answer, CaseFact):
    """No longer needed."""

    type: Literal["care_plan.mdt_case_withdrawn.v1"] = "care_plan.mdt_case_withdrawn.v1"
    case_id: Id
    reason: CareReason
    answers_to = (MdtCaseRequested,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "declined"


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
    quorum: Annotated[tuple[Word, ...], FEW]


class MdtMeetingClosed(MeetingFact):
    """The chair closed it."""

    type: Literal["care_plan.mdt_meeting_closed.v1"] = "care_plan.mdt_meeting_closed.v1"
    meeting_id: Id
    decided: Count
    deferred: Count
    quorum_met: YesNo | None = None
