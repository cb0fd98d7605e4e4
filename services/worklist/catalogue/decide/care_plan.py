"""Work that consultations, plans, activities and measures make."""

from collections.abc import Callable

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
from schemas.care_plan.v1.letter import LetterRecalled, LetterRecallReviewed
from schemas.care_plan.v1.measure import (
    FindingReviewed,
    MeasureNotReceived,
    MeasureNotScored,
    MeasureScored,
)
from schemas.care_plan.v1.opioid import OpioidCheckFellDue, OpioidCheckRecorded
from schemas.care_plan.v1.plan import (
    PlanDrafted,
    PlanNotDrafted,
    PlanReviewed,
    PlanReviewFellDue,
    PlanUpdated,
)
from schemas.codes import Queue
from services.worklist.catalogue.decide.due import Within, end_of
from services.worklist.catalogue.decide.row import PATHWAY, Detail, Row, Subject, When, by_referral, named, of
from services.worklist.rules import Rules

NEEDS_PLAN = frozenset({"MDT_PROGRAMME", "PROCEDURE_PATHWAY", "SINGLE_DISCIPLINE", "MEDICATION_REVIEW"})
SEVERE = frozenset({"phq9_severe", "phq9_rise", "dass21_depression_severe", "dass21_anxiety_severe"})
WORSE = frozenset({"peg_worse"})
FOR_PSYCHOLOGY = frozenset({"pcs_high", "pseq_low", "phq2_positive", "start_back_high"})
SUBSTANCES = frozenset({"ort_oud_high", "audit_c_positive", "dast10_moderate"})

FOR_PHARMACY = frozenset({"naloxone_offer", "co_prescription", "taper_followup"})
FOR_NURSES = frozenset({"toxicology"})
SOON = frozenset({"naloxone_offer", "mme_reassessment", "unexpected_finding", "taper_followup"})

ACTIVITY = named("activity", "activity_id")
PLAN = named("care_plan", "plan_id")
SUBMISSION = named("submission", "submission_id")
MEASURE_REQUEST = of("measure_request")


def this_review(event: Event[PlanReviewFellDue]) -> str:
    """One subject for each review of a plan."""
    return derive(event.fact.plan_id, f"review:{event.fact.due_on}")


PLAN_REVIEW = Subject("plan_review", this_review, {PlanReviewFellDue}.__contains__)


def whose_check(event: Event[OpioidCheckFellDue], rules: Rules) -> Queue:
    if event.fact.check in FOR_PHARMACY:
        return "pharmacy"
    return "nursing" if event.fact.check in FOR_NURSES else "medical"


def found(findings: frozenset[str]) -> Callable[[MeasureScored], bool]:
    return lambda fact: not findings.isdisjoint(fact.findings)


def looked_at(findings: frozenset[str]) -> When[FindingReviewed]:
    return When(FindingReviewed, lambda fact: fact.finding in findings)


CARE_PLAN_ROWS = (
    Row(
        item="PLAN_DRAFT",
        queue="medical",
        subject=PATHWAY,
        opens=ConsultationCompleted,
        when=lambda fact: fact.outcome in NEEDS_PLAN,
        priority="routine",
        due=lambda event, rules: end_of(event.fact.plan_due, event, rules),
        detail=Detail("outcome"),
        closes=(PlanDrafted,),
    ),
    Row(
        item="PLAN_OVERDUE",
        queue="coordination",
        subject=named("consultation", "consultation_id"),
        opens=PlanNotDrafted,
        priority="urgent",
        due=Within(lambda due: due.plan_overdue),
        closes=(by_referral(PlanDrafted),),
    ),
    Row(
        item="INVESTIGATION_WAIT",
        queue="coordination",
        subject=PATHWAY,
        opens=ConsultationCompleted,
        when=lambda fact: fact.outcome == "FURTHER_INVESTIGATION",
        priority="routine",
        due=Within(lambda due: due.investigation_wait),
        detail=Detail("kind"),
        closes=(InvestigationResultRecorded, ConsultationStarted),
    ),
    Row(
        item="LETTER_SIGN",
        queue="medical",
        subject=PATHWAY,
        opens=ConsultationCompleted,
        when=lambda fact: fact.kind == "initial",
        priority="routine",
        due=lambda event, rules: end_of(event.fact.letter_due, event, rules),
        detail=Detail("outcome"),
        closes=(When(LetterSigned, lambda fact: fact.kind == "outcome"),),
        cleaned_up=False,
    ),
    Row(
        item="LETTER_RECALLED",
        queue="management",
        subject=of("letter"),
        opens=LetterRecalled,
        priority="urgent",
        due=Within(lambda due: due.letter_recalled),
        detail=Detail("reason"),
        closes=(LetterRecallReviewed,),
        cleaned_up=False,
    ),
    Row(
        item="ACT_ACCEPT",
        queue=lambda event, rules: event.fact.discipline,
        subject=ACTIVITY,
        opens=ActivityOrdered,
        priority=lambda event, rules: event.fact.priority,
        due=Within(lambda due: due.act_accept),
        detail=Detail("kind"),
        closes=(ActivityAccepted, ActivityDeclined, ActivityCancelled),
    ),
    Row(
        item="ACT_DECLINED",
        queue="medical",
        subject=ACTIVITY,
        opens=ActivityDeclined,
        priority="urgent",
        due=Within(lambda due: due.act_declined),
        detail=Detail("reason"),
        closes=(
            by_referral(ActivityOrdered, lambda fact: fact.replaces is not None),
            by_referral(PlanUpdated),
        ),
    ),
    Row(
        item="ACT_REVIEW",
        queue=lambda event, rules: event.fact.discipline,
        subject=ACTIVITY,
        opens=ActivityReviewFellDue,
        when=lambda fact: fact.rule != "MOD-03",
        priority="routine",
        due=Within(lambda due: due.act_review),
        detail=Detail("rule"),
        closes=(ActivityReviewed, ActivityCompleted, ActivityStopped),
    ),
    Row(
        item="ACT_DNA",
        queue="coordination",
        subject=ACTIVITY,
        opens=ActivityReviewFellDue,
        when=lambda fact: fact.rule == "MOD-03",
        priority="urgent",
        due=Within(lambda due: due.act_dna),
        about=Detail("discipline"),
        closes=(ActivityReviewed,),
    ),
    Row(
        item="PLAN_REVIEW",
        queue="medical",
        subject=PLAN_REVIEW,
        opens=PlanReviewFellDue,
        priority=lambda event, rules: "urgent" if event.fact.high_risk else "routine",
        due=lambda event, rules: end_of(event.fact.due_on, event, rules),
        closes=(by_referral(PlanReviewed),),
    ),
    Row(
        item="MEASURE_CALL",
        queue="coordination",
        subject=MEASURE_REQUEST,
        opens=MeasureNotReceived,
        when=lambda fact: fact.stage == "D-1",
        priority="routine",
        due=lambda event, rules: end_of(None, event, rules),
        detail=Detail("outstanding"),
        closes=(
            MeasureScored,
            MeasureNotScored,
            When(MeasureNotReceived, lambda fact: fact.stage == "missed"),
        ),
    ),
    Row(
        item="SCORE_REVIEW",
        queue="psychology",
        subject=SUBMISSION,
        opens=MeasureScored,
        when=found(SEVERE),
        priority="urgent",
        due=Within(lambda due: due.score_review),
        detail=Detail("findings", SEVERE),
        about=Detail("instrument"),
        closes=(looked_at(SEVERE),),
    ),
    Row(
        item="SCORE_WORSE",
        queue="medical",
        subject=SUBMISSION,
        opens=MeasureScored,
        when=found(WORSE),
        priority="urgent",
        due=Within(lambda due: due.score_worse),
        detail=Detail("findings", WORSE),
        about=Detail("instrument"),
        closes=(looked_at(WORSE), by_referral(PlanReviewed)),
    ),
    Row(
        item="PSY_SUGGEST",
        queue="medical",
        subject=MEASURE_REQUEST,
        opens=MeasureScored,
        when=found(FOR_PSYCHOLOGY),
        priority="routine",
        due=Within(lambda due: due.psy_suggest),
        detail=Detail("findings", FOR_PSYCHOLOGY),
        about=Detail("instrument"),
        closes=(
            looked_at(FOR_PSYCHOLOGY),
            by_referral(ActivityOrdered, lambda fact: fact.discipline == "psychology"),
        ),
    ),
    Row(
        item="SUBSTANCE_CHECK",
        queue="medical",
        subject=SUBMISSION,
        opens=MeasureScored,
        when=found(SUBSTANCES),
        priority="routine",
        due=Within(lambda due: due.substance_check),
        detail=Detail("findings", SUBSTANCES),
        about=Detail("instrument"),
        closes=(looked_at(SUBSTANCES),),
    ),
    Row(
        item="OPI_CHECK",
        queue=whose_check,
        subject=named("opioid_check", "check_id"),
        opens=OpioidCheckFellDue,
        priority=lambda event, rules: "urgent" if event.fact.check in SOON else "routine",
        due=lambda event, rules: end_of(event.fact.due_on, event, rules),
        detail=Detail("check"),
        closes=(OpioidCheckRecorded,),
    ),
    Row(
        item="DISCHARGE_CHECK",
        queue="medical",
        subject=PLAN,
        opens=DischargeProposed,
        priority="routine",
        due=Within(lambda due: due.discharge_check),
        detail=Detail("basis"),
        closes=(PatientDischarged, DischargeDeclined),
    ),
    Row(
        item="PIFU_EXPIRY",
        queue="coordination",
        subject=PLAN,
        opens=PifuExpired,
        priority="routine",
        due=Within(lambda due: due.pifu_expiry),
        closes=(PatientDischarged, PifuUsed),
    ),
)
