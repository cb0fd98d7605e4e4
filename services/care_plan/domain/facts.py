"""Private facts: steps that nobody outside needs. They stand in this service's journal only."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import INSTRUMENT, OCCASION
from schemas.codes import Discipline
from schemas.fact import Code, Day, Dec, Id, Instant, PrivateFact, sensitivity
from schemas.scheduling.v1.codes import PURPOSE

Instrument = Annotated[str, INSTRUMENT.passed_on]
Occasion = Annotated[str, OCCASION.passed_on]
Purpose = Annotated[str, PURPOSE.passed_on]


class VisitNoted(PrivateFact):
    """An appointment, as far as this service needs to know of it."""

    aggregate: ClassVar[str] = "visit"
    type: Literal["care_plan.visit_noted.v1"] = "care_plan.visit_noted.v1"
    purpose: Purpose
    discipline: Discipline
    start: Instant
    version: int
    activity_id: Id | None = None


class VisitMoved(PrivateFact):
    aggregate: ClassVar[str] = "visit"
    type: Literal["care_plan.visit_moved.v1"] = "care_plan.visit_moved.v1"
    start: Instant
    version: int


class VisitEnded(PrivateFact):
    """Attended, missed or cancelled."""

    aggregate: ClassVar[str] = "visit"
    type: Literal["care_plan.visit_ended.v1"] = "care_plan.visit_ended.v1"
    how: Code


class ChecklistKept(PrivateFact):
    aggregate: ClassVar[str] = "consultation"
    type: Literal["care_plan.checklist_kept.v1"] = "care_plan.checklist_kept.v1"
    ref: Id


class ConsultationAbandoned(PrivateFact):
    aggregate: ClassVar[str] = "consultation"
    type: Literal["care_plan.consultation_abandoned.v1"] = "care_plan.consultation_abandoned.v1"
    reason: Code


class AddendumKept(PrivateFact):
    aggregate: ClassVar[str] = "consultation"
    type: Literal["care_plan.addendum_kept.v1"] = "care_plan.addendum_kept.v1"
    ref: Id
    by_id: Id


class DraftNoted(PrivateFact):
    """The plan that the consultation asked for is drafted."""

    aggregate: ClassVar[str] = "consultation"
    type: Literal["care_plan.draft_noted.v1"] = "care_plan.draft_noted.v1"


class PlanFact(PrivateFact):
    aggregate: ClassVar[str] = "care_plan"


class PlanWritten(PlanFact):
    """A version of the plan. What it says stands in content; ids of goals and activities stand here."""

    type: Literal["care_plan.plan_written.v1"] = "care_plan.plan_written.v1"
    plan_version: int
    ref: Id
    goals: tuple[Id, ...]
    weights: tuple[int, ...]
    baselines: tuple[int, ...]
    activities: tuple[Id, ...]
    consultation_id: Id | None = None


class LevelsRecorded(PlanFact):
    """Levels of goals, in the order of `goals`."""

    type: Literal["care_plan.levels_recorded.v1"] = "care_plan.levels_recorded.v1"
    goals: tuple[Id, ...]
    levels: Annotated[tuple[int, ...], sensitivity("phi")]


class ReviewDated(PlanFact):
    type: Literal["care_plan.review_dated.v1"] = "care_plan.review_dated.v1"
    review_on: Day
    high_risk: bool


class WorkAccepted(PlanFact):
    """Somebody of the care team has this work."""

    type: Literal["care_plan.work_accepted.v1"] = "care_plan.work_accepted.v1"
    activity_id: Id
    owner_id: Id
    discipline: Discipline


class WorkEnded(PlanFact):
    type: Literal["care_plan.work_ended.v1"] = "care_plan.work_ended.v1"
    activity_id: Id


class ChecklistItemsMet(PlanFact):
    """What DIS-01 asks for and is there."""

    type: Literal["care_plan.checklist_items_met.v1"] = "care_plan.checklist_items_met.v1"
    items: tuple[Code, ...]


class PlanMarked(PlanFact):
    type: Literal["care_plan.plan_marked_in_error.v1"] = "care_plan.plan_marked_in_error.v1"
    reason: Code


class ActivityFact(PrivateFact):
    aggregate: ClassVar[str] = "activity"


class ActivityReceived(ActivityFact):
    type: Literal["care_plan.activity_received.v1"] = "care_plan.activity_received.v1"


class FirstSessionBooked(ActivityFact):
    type: Literal["care_plan.first_session_booked.v1"] = "care_plan.first_session_booked.v1"


class SessionMissed(ActivityFact):
    type: Literal["care_plan.session_missed.v1"] = "care_plan.session_missed.v1"
    appointment_id: Id


class MeasureFact(PrivateFact):
    aggregate: ClassVar[str] = "measure_request"


class RequestPlanned(MeasureFact):
    type: Literal["care_plan.request_planned.v1"] = "care_plan.request_planned.v1"
    occasion: Occasion
    due_on: Day
    ask_at: Instant
    appointment_id: Id | None = None


class RequestDropped(MeasureFact):
    """No longer wanted: the visit is off, or the referral over."""

    type: Literal["care_plan.request_dropped.v1"] = "care_plan.request_dropped.v1"


class AnswersKept(MeasureFact):
    """Raw answers are content."""

    type: Literal["care_plan.answers_kept.v1"] = "care_plan.answers_kept.v1"
    submission_id: Id
    instruments: tuple[Instrument, ...]


class HistoryFact(PrivateFact):
    aggregate: ClassVar[str] = "history"


class SitesNoted(HistoryFact):
    type: Literal["care_plan.sites_noted.v1"] = "care_plan.sites_noted.v1"
    back_pain: Annotated[bool, sensitivity("phi")]


class ScoreNoted(HistoryFact):
    """A score, for whatever compares with it later."""

    type: Literal["care_plan.score_noted.v1"] = "care_plan.score_noted.v1"
    occasion: Occasion
    instrument: Instrument
    instrument_version: Code
    score: Annotated[Dec, sensitivity("phi")]
    item_sum: Annotated[int | None, sensitivity("phi")] = None
    responder: Annotated[bool | None, sensitivity("phi")] = None
    taken_at: Instant


class PlanNoted(HistoryFact):
    """The plan began, or all its activities are finished or running."""

    type: Literal["care_plan.plan_noted.v1"] = "care_plan.plan_noted.v1"
    started_on: Day | None = None
    activity_id: Id | None = None
    running: bool | None = None


class ReviewNoted(HistoryFact):
    type: Literal["care_plan.review_noted.v1"] = "care_plan.review_noted.v1"
    on: Day


class RiskNoted(HistoryFact):
    """What makes a patient high-risk: an alert, or a high dose."""

    type: Literal["care_plan.risk_noted.v1"] = "care_plan.risk_noted.v1"
    alert_at: Instant | None = None
    alert_open: bool | None = None
    high_dose: Annotated[bool | None, sensitivity("phi")] = None


class AlertStep(PrivateFact):
    aggregate: ClassVar[str] = "safety_alert"


class AlertRepeated(AlertStep):
    """The same was triggered again while the alert was open."""

    type: Literal["care_plan.alert_repeated.v1"] = "care_plan.alert_repeated.v1"
    submission_id: Id


class TriggerNoted(AlertStep):
    """Which submission triggered it; goes before the public fact."""

    type: Literal["care_plan.trigger_noted.v1"] = "care_plan.trigger_noted.v1"
    submission_id: Id


class ListKept(PrivateFact):
    """The drug list that an assessment read."""

    aggregate: ClassVar[str] = "opioid_profile"
    type: Literal["care_plan.drug_list_kept.v1"] = "care_plan.drug_list_kept.v1"
    ref: Id
    source_id: Id


class CaseStep(PrivateFact):
    aggregate: ClassVar[str] = "mdt_case"


class ReasonAdded(CaseStep):
    type: Literal["care_plan.case_reason_added.v1"] = "care_plan.case_reason_added.v1"
    reason: Annotated[Code, sensitivity("phi")]
    priority: Code


class IntervalBegun(CaseStep):
    """MDT-01 counts from here: the fact that came true `at`."""

    type: Literal["care_plan.mdt_interval_begun.v1"] = "care_plan.mdt_interval_begun.v1"
    on: Day
    at: Instant
    high_risk: bool
    running: bool


class MeetingOpened(PrivateFact):
    aggregate: ClassVar[str] = "mdt_meeting"
    type: Literal["care_plan.mdt_meeting_opened.v1"] = "care_plan.mdt_meeting_opened.v1"


class MeetingCancelled(PrivateFact):
    aggregate: ClassVar[str] = "mdt_meeting"
    type: Literal["care_plan.mdt_meeting_cancelled.v1"] = "care_plan.mdt_meeting_cancelled.v1"
    reason: Code


class DecisionCounted(PrivateFact):
    aggregate: ClassVar[str] = "mdt_meeting"
    type: Literal["care_plan.mdt_decision_counted.v1"] = "care_plan.mdt_decision_counted.v1"
    case_id: Id


class ActionOpened(PrivateFact):
    aggregate: ClassVar[str] = "mdt_action"
    type: Literal["care_plan.mdt_action_opened.v1"] = "care_plan.mdt_action_opened.v1"
    case_id: Id
    kind: Code | None = None
    due_on: Day


class ActionReassigned(PrivateFact):
    aggregate: ClassVar[str] = "mdt_action"
    type: Literal["care_plan.mdt_action_reassigned.v1"] = "care_plan.mdt_action_reassigned.v1"
    owner_id: Id


class ActionCancelled(PrivateFact):
    aggregate: ClassVar[str] = "mdt_action"
    type: Literal["care_plan.mdt_action_cancelled.v1"] = "care_plan.mdt_action_cancelled.v1"
    reason: Code
