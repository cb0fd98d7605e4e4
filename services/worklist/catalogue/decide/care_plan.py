"""Work that consultations, plans, activities and measures make."""

from typing import Any

from backbone.ids import derive
from backbone.model import Event
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityOrdered,
    ActivityReviewed,
    ActivityReviewFellDue,
    ActivityStopped,
)
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
    InvestigationResultRecorded,
    LetterSigned,
)
from schemas.care_plan.v1.discharge import (
    DischargeDeclined,
    DischargeProposed,
    PatientDischarged,
    PifuExpired,
    PifuUsed,
)
from schemas.care_plan.v1.measure import (
    FindingReviewed,
    MeasureNotReceived,
    MeasureNotScored,
    MeasureScored,
)
from schemas.care_plan.v1.plan import (
    PlanDrafted,
    PlanNotDrafted,
    PlanReviewed,
    PlanReviewFellDue,
    PlanUpdated,
)
from schemas.codes import Priority
from services.worklist.catalogue.decide.due import on_day, same_day, within
from services.worklist.catalogue.decide.row import (
    PATHWAY,
    Row,
    Subject,
    When,
    by_referral,
    in_queue,
    named,
    of,
    priority,
)
from services.worklist.catalogue.decide.scheduling import discipline, priority_of_fact
from services.worklist.rules import Rules

NEEDS_PLAN = frozenset({"MDT_PROGRAMME", "PROCEDURE_PATHWAY", "SINGLE_DISCIPLINE", "MEDICATION_REVIEW"})
SEVERE = frozenset({"phq9_severe", "phq9_rise"})
PSYCHOLOGY = frozenset({"pcs_high", "pseq_low"})


def needs_plan(fact: ConsultationCompleted) -> bool:
    return fact.outcome in NEEDS_PLAN


def investigates(fact: ConsultationCompleted) -> bool:
    return fact.outcome == "FURTHER_INVESTIGATION"


def is_first(fact: ConsultationCompleted) -> bool:
    return fact.kind == "initial"


def is_outcome_letter(fact: LetterSigned) -> bool:
    return fact.kind == "outcome"


def by_risk(event: Event[Any], rules: Rules) -> Priority:
    return "urgent" if event.fact.high_risk else "routine"


def this_review(event: Event[Any]) -> str:
    """One subject for each review of a plan."""
    return derive(event.fact.plan_id, f"review:{event.fact.due_on}")


def found(*findings: str) -> Any:
    return lambda fact: bool(set(findings) & set(fact.findings))


def looked_at(*findings: str) -> When:
    return When(FindingReviewed, lambda fact: fact.finding in findings)


CARE_ROWS: tuple[Row, ...] = (
    Row(
        item="PLAN_DRAFT",
        queue=in_queue("medical"),
        subject=PATHWAY,
        opens=ConsultationCompleted,
        when=needs_plan,
        priority=priority("routine"),
        due=on_day("plan_due"),
        closes=(PlanDrafted,),
    ),
    Row(
        item="PLAN_OVERDUE",
        queue=in_queue("coordination"),
        subject=PATHWAY,
        opens=PlanNotDrafted,
        priority=priority("urgent"),
        due=within("plan_overdue"),
        closes=(PlanDrafted,),
    ),
    Row(
        item="INVESTIGATION_WAIT",
        queue=in_queue("coordination"),
        subject=PATHWAY,
        opens=ConsultationCompleted,
        when=investigates,
        priority=priority("routine"),
        due=within("investigation_wait"),
        closes=(InvestigationResultRecorded, ConsultationStarted),
    ),
    Row(
        item="LETTER_SIGN",
        queue=in_queue("medical"),
        subject=PATHWAY,
        opens=ConsultationCompleted,
        when=is_first,
        priority=priority("routine"),
        due=on_day("letter_due"),
        closes=(When(LetterSigned, is_outcome_letter),),
        cleaned_up=False,
    ),
    Row(
        item="ACT_ACCEPT",
        queue=discipline,
        subject=named("activity", "activity_id"),
        opens=ActivityOrdered,
        priority=priority_of_fact,
        due=within("act_accept"),
        closes=(ActivityAccepted, ActivityDeclined, ActivityCancelled),
    ),
    Row(
        item="ACT_DECLINED",
        queue=in_queue("medical"),
        subject=named("activity", "activity_id"),
        opens=ActivityDeclined,
        priority=priority("urgent"),
        due=within("act_declined"),
        closes=(
            by_referral(ActivityOrdered, lambda fact: fact.replaces is not None),
            by_referral(PlanUpdated),
        ),
    ),
    Row(
        item="ACT_REVIEW",
        queue=discipline,
        subject=named("activity", "activity_id"),
        opens=ActivityReviewFellDue,
        when=lambda fact: fact.rule != "MOD-03",
        priority=priority("routine"),
        due=within("act_review"),
        closes=(ActivityReviewed, ActivityCompleted, ActivityStopped),
    ),
    Row(
        item="ACT_DNA",
        queue=in_queue("coordination"),
        subject=named("activity", "activity_id"),
        opens=ActivityReviewFellDue,
        when=lambda fact: fact.rule == "MOD-03",
        priority=priority("urgent"),
        due=within("act_dna"),
        closes=(ActivityReviewed,),
    ),
    Row(
        item="PLAN_REVIEW",
        queue=in_queue("medical"),
        subject=Subject("plan_review", this_review),
        opens=PlanReviewFellDue,
        priority=by_risk,
        due=on_day("due_on"),
        closes=(by_referral(PlanReviewed),),
    ),
    Row(
        item="MEASURE_CALL",
        queue=in_queue("coordination"),
        subject=of("measure_request"),
        opens=MeasureNotReceived,
        when=lambda fact: fact.stage == "D-1",
        priority=priority("routine"),
        due=same_day,
        closes=(
            MeasureScored,
            MeasureNotScored,
            When(MeasureNotReceived, lambda fact: fact.stage == "missed"),
        ),
    ),
    Row(
        item="SCORE_REVIEW",
        queue=in_queue("psychology"),
        subject=named("submission", "submission_id"),
        opens=MeasureScored,
        when=found(*SEVERE),
        priority=priority("urgent"),
        due=within("score_review"),
        closes=(looked_at(*SEVERE),),
    ),
    Row(
        item="SCORE_WORSE",
        queue=in_queue("medical"),
        subject=named("submission", "submission_id"),
        opens=MeasureScored,
        when=found("peg_worse"),
        priority=priority("urgent"),
        due=within("score_worse"),
        closes=(looked_at("peg_worse"), by_referral(PlanReviewed)),
    ),
    Row(
        item="PSY_SUGGEST",
        queue=in_queue("medical"),
        subject=of("measure_request"),
        opens=MeasureScored,
        when=found(*PSYCHOLOGY),
        priority=priority("routine"),
        due=within("psy_suggest"),
        closes=(
            looked_at(*PSYCHOLOGY),
            by_referral(ActivityOrdered, lambda fact: fact.discipline == "psychology"),
        ),
    ),
    Row(
        item="DISCHARGE_CHECK",
        queue=in_queue("medical"),
        subject=named("care_plan", "plan_id"),
        opens=DischargeProposed,
        priority=priority("routine"),
        due=within("discharge_check"),
        closes=(PatientDischarged, DischargeDeclined),
    ),
    Row(
        item="PIFU_EXPIRY",
        queue=in_queue("coordination"),
        subject=named("care_plan", "plan_id"),
        opens=PifuExpired,
        priority=priority("routine"),
        due=within("pifu_expiry"),
        closes=(PatientDischarged, PifuUsed),
    ),
)
