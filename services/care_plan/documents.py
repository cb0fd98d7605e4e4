"""Bodies of requests. Unknown fields are errors."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from schemas.care_plan.v1.codes import (
    ACTION_KIND,
    ACTIVITY_KIND,
    ACTIVITY_RESULT,
    ALERT_RESULT,
    ASSESSMENT_TOOL,
    CALL_RESULT,
    CARE_REASON,
    CASE_DECISION,
    CONSULTATION_KIND,
    CONTACT_KIND,
    DIAGNOSIS_SYSTEM,
    DISCHARGE_REASON,
    DISCHARGED_TO,
    FINDING_DECISION,
    GOAL_DOMAIN,
    INSTRUMENT,
    OCCASION,
    OUTCOME_DETAIL,
    WARNING_SIGN,
    ActivityDecision,
    Audience,
    ConsultationOutcome,
    InvestigationResult,
    ReviewResult,
)
from schemas.codes import Discipline, Priority, Queue
from schemas.fact import FEW, SOME, ClinicalCode, Day, Id, Instant, Level, Slug, Word, YesNo, most, whole
from schemas.said import Answer, Name, Sentences
from schemas.said import LongText as Text

SomeFew = Field(min_length=1, max_length=20)
CareReason = Annotated[str, CARE_REASON.only]
Instrument = Annotated[str, INSTRUMENT.only]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Starting(Body):
    appointment_id: Id
    kind: Annotated[str, CONSULTATION_KIND.only]


class ChecklistItem(Body):
    """An answer, or why the item does not apply."""

    answer: Answer | None = None
    not_applicable: Name | None = None


class DiagnosisCode(Body):
    system: Annotated[str, DIAGNOSIS_SYSTEM.only]
    code: ClinicalCode


class Completing(Body):
    """Outcome, coded diagnosis and the whole checklist (CON-04)."""

    outcome: ConsultationOutcome
    outcome_detail: Annotated[str, OUTCOME_DETAIL.only] | None = None
    diagnoses: Annotated[tuple[DiagnosisCode, ...], FEW] = ()
    checklist: Annotated[dict[Word, ChecklistItem], most(40)] = Field(
        default_factory=dict, json_schema_extra={"additionalProperties": False}
    )
    note: Text | None = None


class Reason(Body):
    reason: CareReason


class Addendum(Body):
    text: Text


class Result(Body):
    result: InvestigationResult


class Letter(Body):
    audience: Annotated[tuple[Audience, ...], SomeFew]
    text: Text


class NewGoal(Body):
    """SMART, in the patient's words. Levels run from -2 to 2; the baseline is -1 or -2."""

    text: Sentences
    weight: Annotated[int, whole(0, 10)] = 1
    baseline_level: Annotated[int, whole(-2, -1)]
    domain: Annotated[str, GOAL_DOMAIN.only]
    target_on: Day


class NewActivity(Body):
    discipline: Discipline
    kind: Annotated[str, ACTIVITY_KIND.only]
    assessment: YesNo = False
    remote: YesNo = False
    sessions: Annotated[int, whole(1, 60)] | None = None
    every_days: Annotated[int, whole(1, 90)] | None = None
    priority: Priority = "routine"
    not_before: Day | None = None
    replaces: Id | None = None


class NewPlan(Body):
    """At least one goal and one activity (CON-01)."""

    patient_id: Id
    referral_id: Id
    consultation_id: Id | None = None
    goals: Annotated[tuple[NewGoal, ...], SomeFew]
    activities: Annotated[tuple[NewActivity, ...], SomeFew]
    note: Text | None = None


class Activation(Body):
    patient_agreement: YesNo
    lead_id: Id | None = None
    review_on: Day | None = None


class Change(Body):
    """A new version: why, and what is added."""

    reason: Text
    goals_add: Annotated[tuple[NewGoal, ...], FEW] = ()
    activities_add: Annotated[tuple[NewActivity, ...], FEW] = ()
    note: Text | None = None


class Holding(Body):
    reason: CareReason
    review_on: Day


class GoalLevel(Body):
    goal_id: Id
    level: Level


class PlanReviewing(Body):
    """`checklist`: what of DIS-01 is there, where the result is discharge."""

    result: ReviewResult
    next_review: Day | None = None
    goals: Annotated[tuple[GoalLevel, ...], SOME] = ()
    checklist: Annotated[tuple[Word, ...], FEW] = ()
    note: Text | None = None


class Discharging(Body):
    reason: Annotated[str, DISCHARGE_REASON.only]
    to: Annotated[str, DISCHARGED_TO.only] = "referrer"
    handover_prescriber: YesNo | None = None
    checklist: Annotated[tuple[Word, ...], FEW] = ()


class Session(Body):
    """`complete`: it was the last one."""

    appointment_id: Id | None = None
    complete: YesNo = False


class Ending(Body):
    result: Annotated[str, ACTIVITY_RESULT.only] = "goals_of_discipline_reached"


class ActivityReview(Body):
    decision: ActivityDecision


class MeasureAsking(Body):
    patient_id: Id
    referral_id: Id
    occasion: Annotated[str, OCCASION.only]
    instruments: Annotated[tuple[Instrument, ...], SomeFew]
    due_on: Day
    appointment_id: Id | None = None


Answers = Annotated[tuple[Annotated[int, whole(0, 1000)] | None, ...], Field(min_length=1, max_length=40)]


class MeasureAnswers(Body):
    """By instrument, in the order of its items; null is an item that was not answered."""

    answers: Annotated[dict[Instrument, Answers], SomeFew]


class FindingReview(Body):
    decision: Annotated[str, FINDING_DECISION.only]


class Assessment(Body):
    result: Annotated[str, ALERT_RESULT.only]
    tool: Annotated[str, ASSESSMENT_TOOL.only] | None = None
    note: Text


class Meeting(Body):
    """`quorum`: roles that must be there, where it is not the clinic's rule."""

    start: Instant
    location: Slug | None = None
    quorum: Annotated[tuple[Word, ...], FEW] = ()


class CaseListing(Body):
    meeting_id: Id
    prep_queues: Annotated[tuple[Queue, ...], SomeFew]


class ActionItem(Body):
    """Who does what by when (MDT-02). `kind` lets a fact complete it: activate_plan, book_joint_day."""

    owner_queue: Queue
    owner_id: Id | None = None
    due_on: Day
    priority: Priority = "routine"
    text: Sentences
    kind: Annotated[str, ACTION_KIND.only] | None = None


class Deciding(Body):
    meeting_id: Id
    decision: Annotated[str, CASE_DECISION.only]
    attendees: Annotated[tuple[Word, ...], SOME]
    summary: Text
    dissent: Text | None = None
    actions: Annotated[tuple[ActionItem, ...], FEW] = ()
    quorum_waived_by: Id | None = None


class Deferring(Body):
    reason: CareReason
    next_meeting_id: Id | None = None


class Reassigning(Body):
    owner_id: Id


class Contacting(Body):
    patient_id: Id
    referral_id: Id | None = None
    kind: Annotated[str, CONTACT_KIND.only]
    result: Annotated[str, CALL_RESULT.only]
    warnings: Annotated[tuple[Annotated[str, WARNING_SIGN.only], ...], FEW] = ()
    about: Id | None = None


Json = dict[str, Any]
