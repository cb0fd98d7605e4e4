"""Facts of an activity: one piece of planned work for one discipline."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import (
    ActivityDecision,
    ActivityInformation,
    ActivityKind,
    ActivityResult,
    ActivityRule,
    AnswerTo,
    CareReason,
)
from schemas.codes import Discipline, Priority
from schemas.fact import FEW, Count, Day, Fact, Id, YesNo, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType


class ActivityFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "activity"


class ActivityOrdered(ActivityFact):
    """Ordered from a discipline. `assessment`: a visit of its own comes before the sessions."""

    type: Literal["care_plan.activity_ordered.v1"] = "care_plan.activity_ordered.v1"
    activity_id: Id
    plan_id: Id
    discipline: Annotated[Discipline, sensitivity("phi")]
    kind: Annotated[ActivityKind, sensitivity("phi")]
    assessment: YesNo
    remote: YesNo
    sessions: Count | None = None
    every_days: Count | None = None
    priority: Priority
    not_before: Day | None = None
    replaces: Id | None = None


class ActivityInformationAsked(ActivityFact):
    """Before it takes the work, the performing discipline needs to know something. `whom`: who provides it."""

    type: Literal["care_plan.activity_information_asked.v1"] = "care_plan.activity_information_asked.v1"
    activity_id: Id
    whom: Annotated[Discipline, sensitivity("phi")]
    what: Annotated[ActivityInformation, sensitivity("phi")]
    priority: Priority


class ActivityInformationEnded(ActivityFact):
    """It is there, or not to be had, or not needed any more."""

    type: Literal["care_plan.activity_information_ended.v1"] = "care_plan.activity_information_ended.v1"
    activity_id: Id
    what: Annotated[ActivityInformation, sensitivity("phi")]
    result: AnswerTo


class ActivityAccepted(ActivityFact):
    """The performing discipline takes it. `without`: what it asked for, and could not be had."""

    type: Literal["care_plan.activity_accepted.v1"] = "care_plan.activity_accepted.v1"
    activity_id: Id
    discipline: Annotated[Discipline, sensitivity("phi")]
    owner_id: Id
    assessment: YesNo
    remote: YesNo
    sessions: Count | None = None
    every_days: Count | None = None
    not_before: Day | None = None
    without: Annotated[tuple[ActivityInformation, ...], FEW, sensitivity("phi")] | None = None
    kind: Annotated[ActivityKind, sensitivity("phi")] | None = None


class ActivityDeclined(ActivityFact):
    """It does not."""

    type: Literal["care_plan.activity_declined.v1"] = "care_plan.activity_declined.v1"
    activity_id: Id
    reason: CareReason


class ActivityStarted(ActivityFact):
    """The first session or assessment."""

    type: Literal["care_plan.activity_started.v1"] = "care_plan.activity_started.v1"
    activity_id: Id
    on: Day


class SessionCompleted(ActivityFact):
    """One more session."""

    type: Literal["care_plan.session_completed.v1"] = "care_plan.session_completed.v1"
    activity_id: Id
    session_no: Count
    of: Count | None = None
    appointment_id: Id | None = None
    on: Day


class ActivityPaused(ActivityFact):
    """On hold."""

    type: Literal["care_plan.activity_paused.v1"] = "care_plan.activity_paused.v1"
    activity_id: Id
    reason: CareReason | None = None


class ActivityResumed(ActivityFact):
    """On again."""

    type: Literal["care_plan.activity_resumed.v1"] = "care_plan.activity_resumed.v1"
    activity_id: Id
    reason: CareReason | None = None


class ActivityReviewFellDue(Proposal, ActivityFact):
    """MOD-01, MOD-02 or MOD-03. `inputs`: the measures in which no effect is seen."""

    type: Literal["care_plan.activity_review_fell_due.v1"] = "care_plan.activity_review_fell_due.v1"
    activity_id: Id
    discipline: Annotated[Discipline, sensitivity("phi")]
    rule: ActivityRule
    sessions_done: Count

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.rule,)


class EndOfActivity(Answer, ActivityFact):
    """Whoever performs it ended it. Sessions that were missed are looked at even then (MOD-03)."""

    answers_to = (ActivityReviewFellDue,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return None if question == "MOD-03" else "other"


class ActivityCompleted(EndOfActivity):
    """Done."""

    type: Literal["care_plan.activity_completed.v1"] = "care_plan.activity_completed.v1"
    activity_id: Id
    sessions_done: Count
    result: ActivityResult


class ActivityStopped(EndOfActivity):
    """Ended for lack of benefit, or harm."""

    type: Literal["care_plan.activity_stopped.v1"] = "care_plan.activity_stopped.v1"
    activity_id: Id
    sessions_done: Count
    reason: CareReason


class ActivityCancelled(ActivityFact):
    """Ended before its start."""

    type: Literal["care_plan.activity_cancelled.v1"] = "care_plan.activity_cancelled.v1"
    activity_id: Id
    reason: CareReason


class ActivityReviewed(Answer, ActivityFact):
    """A clinician decided how it goes on. `sessions`: how many more, where it is extended."""

    type: Literal["care_plan.activity_reviewed.v1"] = "care_plan.activity_reviewed.v1"
    activity_id: Id
    decision: ActivityDecision
    sessions: Count | None = None
    decided_by: Id
    answers_to = (ActivityReviewFellDue,)
