"""What each fact makes of a case, of a meeting and of an action."""

from msgspec.structs import replace

from backbone.model import Head, Table, like, updated
from schemas.care_plan.v1.mdt import (
    MdtActionCompleted,
    MdtCaseDeferred,
    MdtCaseListed,
    MdtCaseRequested,
    MdtCaseWithdrawn,
    MdtDecisionRecorded,
    MdtMeetingClosed,
    MdtMeetingScheduled,
)
from services.care_plan.mdt.facts import (
    ActionCancelled,
    ActionOpened,
    ActionReassigned,
    DecisionCounted,
    IntervalBegun,
    MeetingCancelled,
    MeetingOpened,
    ReasonAdded,
)
from services.care_plan.mdt.states import (
    Cancelled,
    Closed,
    Decided,
    Done,
    Dropped,
    InSession,
    Interval,
    Known,
    Listed,
    MdtCase,
    NoAction,
    NoMeeting,
    OpenTask,
    Pending,
    Question,
    Requested,
    Scheduled,
    Settled,
    Withdrawn,
)


def requested(state: Settled, fact: MdtCaseRequested, head: Head) -> Requested:
    known, questions = asked(state.known, head), question(fact)
    return Requested(known=known, reasons=(fact.reason,), priority=fact.priority, questions=questions)


def question(fact: MdtCaseRequested | ReasonAdded) -> tuple[Question, ...]:
    """What a person asked; a rule asks nothing in words."""
    return (Question(fact.question_ref, fact.reason, fact.requested_by),) if fact.question_ref else ()


def asked(known: Known, head: Head) -> Known:
    return replace(known, asked_by=(*known.asked_by, head.causation_id), referral_id=head.pathway_id)


def reason_added(state: Pending, fact: ReasonAdded, head: Head) -> Pending:
    return with_reason(state, fact, head)


def made_urgent(state: Pending, fact: MdtCaseRequested, head: Head) -> Pending:
    return replace(with_reason(state, fact, head), priority=fact.priority)


def with_reason(state: Pending, fact: MdtCaseRequested | ReasonAdded, head: Head) -> Pending:
    reasons = tuple(dict.fromkeys((*state.reasons, fact.reason)))
    questions = (*state.questions, *question(fact))
    return replace(state, reasons=reasons, questions=questions, known=asked(state.known, head))


def listed(state: Requested, fact: MdtCaseListed, head: Head) -> Listed:
    return like(Listed, state, meeting_id=fact.meeting_id, start=fact.start, prep_queues=fact.prep_queues)


def decided(state: Listed, fact: MdtDecisionRecorded, head: Head) -> Decided:
    return like(Decided, state, decision=fact.decision)


def deferred(state: Listed, fact: MdtCaseDeferred, head: Head) -> Requested:
    return like(Requested, state)


def withdrawn(state: Pending, fact: MdtCaseWithdrawn, head: Head) -> Withdrawn:
    return like(Withdrawn, state)


def interval_begun(state: MdtCase, fact: IntervalBegun, head: Head) -> MdtCase:
    interval = like(Interval, fact) if fact.running else None
    whose = {"patient_id": head.lane_key, "referral_id": head.pathway_id}
    known = replace(state.known, interval=interval, counted_at=fact.at, **whose)
    return replace(state, known=known)


CASE = Table(*(requested, made_urgent, reason_added, listed, decided, deferred, withdrawn, interval_begun))


def scheduled(state: NoMeeting, fact: MdtMeetingScheduled, head: Head) -> Scheduled:
    return like(Scheduled, fact)


def opened(state: Scheduled, fact: MeetingOpened, head: Head) -> InSession:
    return like(InSession, state)


def counted(state: Scheduled | InSession, fact: DecisionCounted, head: Head) -> Scheduled | InSession:
    present = tuple(dict.fromkeys((*state.present, *fact.attendees)))
    waived = state.waived or fact.quorum_waived_by is not None
    return replace(state, decided=(*state.decided, fact.case_id), present=present, waived=waived)


def closed(state: Scheduled | InSession, fact: MdtMeetingClosed, head: Head) -> Closed:
    return Closed(state.start)


def cancelled(state: Scheduled, fact: MeetingCancelled, head: Head) -> Cancelled:
    return Cancelled(state.start)


MEETING = Table(scheduled, opened, counted, closed, cancelled)


def action_opened(state: NoAction, fact: ActionOpened, head: Head) -> OpenTask:
    return like(OpenTask, fact, referral_id=head.pathway_id)


def completed(state: OpenTask | Dropped, fact: MdtActionCompleted, head: Head) -> Done | Dropped:
    return state if isinstance(state, Dropped) else Done(state.case_id)


def reassigned(state: OpenTask, fact: ActionReassigned, head: Head) -> OpenTask:
    return updated(state, fact)


def dropped(state: OpenTask, fact: ActionCancelled, head: Head) -> Dropped:
    return Dropped(state.case_id)


ACTION = Table(action_opened, completed, reassigned, dropped)
