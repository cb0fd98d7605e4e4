"""Bodies of requests. Unknown fields are errors."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.care_plan.v1.codes import (
    ActivityDecision,
    AlertResult,
    Audience,
    ConsultationKind,
    ConsultationOutcome,
    ContactKind,
    DischargeReason,
    Instrument,
    InvestigationResult,
    Occasion,
    ReviewResult,
)
from schemas.codes import Discipline, Priority, Queue
from schemas.fact import Code, Id, Instant

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Level = Annotated[int, Field(ge=-2, le=2)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Starting(Body):
    appointment_id: Id
    kind: ConsultationKind


class ChecklistItem(Body):
    """An answer, or why the item does not apply."""

    answer: Text | None = None
    not_applicable: Text | None = None


class DiagnosisCode(Body):
    system: Code
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+&-]{0,63}$")]


class Completing(Body):
    """Outcome, coded diagnosis and the whole checklist (CON-04)."""

    outcome: ConsultationOutcome
    outcome_detail: Code | None = None
    diagnoses: tuple[DiagnosisCode, ...] = ()
    checklist: dict[str, ChecklistItem] = Field(default_factory=dict)
    note: Text | None = None


class Reason(Body):
    reason: Code


class Addendum(Body):
    text: Text


class Result(Body):
    result: InvestigationResult


class Letter(Body):
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    text: Text


class NewGoal(Body):
    """SMART, in the patient's words. Levels run from -2 to 2; the baseline is -1 or -2."""

    text: Text
    weight: Annotated[int, Field(ge=0, le=10)] = 1
    baseline_level: Annotated[int, Field(ge=-2, le=-1)]
    domain: Code
    target_on: date


class NewActivity(Body):
    discipline: Discipline
    kind: Code
    assessment: bool = False
    remote: bool = False
    sessions: Annotated[int, Field(ge=1, le=60)] | None = None
    every_days: Annotated[int, Field(ge=1, le=90)] | None = None
    priority: Priority = "routine"
    not_before: date | None = None
    replaces: Id | None = None


class NewPlan(Body):
    """At least one goal and one activity (CON-01)."""

    patient_id: Id
    referral_id: Id
    consultation_id: Id | None = None
    goals: Annotated[tuple[NewGoal, ...], Field(min_length=1, max_length=20)]
    activities: Annotated[tuple[NewActivity, ...], Field(min_length=1, max_length=20)]
    note: Text | None = None


class Activation(Body):
    patient_agreement: bool
    lead_id: Id | None = None
    review_on: date | None = None


class Change(Body):
    """A new version: why, and what is added."""

    reason: Text
    goals_add: tuple[NewGoal, ...] = ()
    activities_add: tuple[NewActivity, ...] = ()
    note: Text | None = None


class Holding(Body):
    reason: Code
    review_on: date


class GoalLevel(Body):
    goal_id: Id
    level: Level


class PlanReviewing(Body):
    """`checklist`: what of DIS-01 is there, where the result is discharge."""

    result: ReviewResult
    next_review: date | None = None
    goals: tuple[GoalLevel, ...] = ()
    checklist: tuple[Code, ...] = ()
    note: Text | None = None


class Discharging(Body):
    reason: DischargeReason
    to: Code = "referrer"
    handover_prescriber: bool | None = None
    checklist: tuple[Code, ...] = ()


class Session(Body):
    """`complete`: it was the last one."""

    appointment_id: Id | None = None
    complete: bool = False


class Ending(Body):
    result: Code = "goals_of_discipline_reached"


class ActivityReview(Body):
    decision: ActivityDecision


class MeasureAsking(Body):
    patient_id: Id
    referral_id: Id
    occasion: Occasion
    instruments: Annotated[tuple[Instrument, ...], Field(min_length=1)]
    due_on: date
    appointment_id: Id | None = None


class MeasureAnswers(Body):
    """By instrument, in the order of its items; null is an item that was not answered."""

    answers: dict[Instrument, Annotated[tuple[int | None, ...], Field(min_length=1, max_length=40)]]


class FindingReview(Body):
    decision: Code


class Assessment(Body):
    result: AlertResult
    tool: Code | None = None
    note: Text


class Meeting(Body):
    """`quorum`: roles that must be there, where it is not the clinic's rule."""

    start: Instant
    location: Code | None = None
    quorum: tuple[Code, ...] = ()


class CaseListing(Body):
    meeting_id: Id
    prep_queues: Annotated[tuple[Queue, ...], Field(min_length=1)]


class ActionItem(Body):
    """Who does what by when (MDT-02). `kind` lets a fact complete it: activate_plan, book_joint_day."""

    owner_queue: Queue
    owner_id: Id | None = None
    due_on: date
    priority: Priority = "routine"
    text: Text
    kind: Code | None = None


class Deciding(Body):
    meeting_id: Id
    decision: Code
    attendees: tuple[Code, ...]
    summary: Text
    dissent: Text | None = None
    actions: tuple[ActionItem, ...] = ()
    quorum_waived_by: Id | None = None


class Deferring(Body):
    reason: Code
    next_meeting_id: Id | None = None


class Reassigning(Body):
    owner_id: Id


class Contacting(Body):
    patient_id: Id
    referral_id: Id | None = None
    kind: ContactKind
    result: Code
    warnings: tuple[Code, ...] = ()
    about: Id | None = None


Json = dict[str, Any]
