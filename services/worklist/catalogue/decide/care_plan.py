"""Work that consultations, plans and activities make."""

from backbone.ids import derive
from backbone.model import Event
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityInformationAsked,
    ActivityInformationEnded,
    ActivityOrdered,
    ActivityReviewed,
    ActivityReviewFellDue,
    ActivityStopped,
)
from schemas.care_plan.v1.conflict import ConflictDetected, ConflictResolved
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
    InvestigationResultRecorded,
    LetterSigned,
)
from schemas.care_plan.v1.contact import ContactFellDue, ContactRecorded
from schemas.care_plan.v1.discharge import (
    DischargeDeclined,
    DischargeProposed,
    PatientDischarged,
    PifuExpired,
    PifuUsed,
)
from schemas.care_plan.v1.investigation import (
    InvestigationFellDue,
    InvestigationOrdered,
    InvestigationReported,
    InvestigationSettled,
)
from schemas.care_plan.v1.letter import LetterRecalled, LetterRecallReviewed
from schemas.care_plan.v1.opioid import OpioidCheckFellDue, OpioidCheckRecorded
from schemas.care_plan.v1.plan import (
    PlanClosed,
    PlanDrafted,
    PlanHandoverEnded,
    PlanHandoverOffered,
    PlanNotDrafted,
    PlanReviewed,
    PlanReviewFellDue,
    PlanRevoked,
    PlanUpdated,
)
from schemas.codes import Queue
from services.worklist.catalogue.decide.due import Before, Within, end_of, start_of_day
from services.worklist.catalogue.decide.row import PATHWAY, Detail, Row, Subject, When, by_referral, named, of
from services.worklist.rules import Rules

NEEDS_PLAN = frozenset({"MDT_PROGRAMME", "PROCEDURE_PATHWAY", "SINGLE_DISCIPLINE", "MEDICATION_REVIEW"})

FOR_PHARMACY = frozenset({"naloxone_offer", "co_prescription", "taper_followup"})
FOR_NURSES = frozenset({"toxicology"})
NOT_THERE = frozenset({"absence", "leaving"})
SOON = frozenset({"naloxone_offer", "mme_reassessment", "unexpected_finding", "taper_followup"})

ACTIVITY = named("activity", "activity_id")
PLAN = named("care_plan", "plan_id")
INVESTIGATION = named("investigation", "investigation_id")


def this_review(event: Event[PlanReviewFellDue]) -> str:
    """One subject for each review of a plan."""
    return derive(event.fact.plan_id, f"review:{event.fact.due_on}")


PLAN_REVIEW = Subject("plan_review", this_review, {PlanReviewFellDue}.__contains__)


def whose_check(event: Event[OpioidCheckFellDue], rules: Rules) -> Queue:
    if event.fact.check in FOR_PHARMACY:
        return "pharmacy"
    return "nursing" if event.fact.check in FOR_NURSES else "medical"


CARE_PLAN_ROWS = (
    Row(
        item="PLAN_DRAFT",
        queue="medical",
        subject=PATHWAY,
        opens=ConsultationCompleted,
        when=lambda fact: fact.outcome in NEEDS_PLAN and fact.plan_due is not None,
        priority="routine",
        due=lambda event, rules: end_of(event.fact.plan_due, event, rules),
        detail=Detail("outcome"),
        closes=(PlanDrafted,),
        while_it_goes=True,
    ),
    Row(
        item="PLAN_OVERDUE",
        queue="coordination",
        subject=named("consultation", "consultation_id"),
        opens=PlanNotDrafted,
        priority="urgent",
        due=Within(lambda due: due.plan_overdue),
        closes=(by_referral(PlanDrafted),),
        while_it_goes=True,
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
        while_it_goes=True,
    ),
    Row(
        item="INVESTIGATION_LATE",
        queue="coordination",
        subject=INVESTIGATION,
        opens=InvestigationFellDue,
        priority="urgent",
        due=Within(lambda due: due.investigation_late),
        detail=Detail("cause"),
        about=Detail("kind"),
        closes=(InvestigationOrdered, InvestigationReported, InvestigationSettled),
        cleaned_up=False,
        of_the_living=True,
    ),
    Row(
        item="INVESTIGATION_READ",
        queue="medical",
        subject=INVESTIGATION,
        opens=InvestigationReported,
        priority="urgent",
        due=Within(lambda due: due.investigation_read),
        detail=Detail("kind"),
        closes=(InvestigationSettled,),
        cleaned_up=False,
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
        item="ACT_INFO",
        queue=lambda event, rules: event.fact.whom,
        subject=ACTIVITY,
        opens=ActivityInformationAsked,
        priority=lambda event, rules: event.fact.priority,
        due=Within(lambda due: due.act_info),
        detail=Detail("what"),
        closes=(ActivityInformationEnded,),
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
            by_referral(PlanClosed),
            by_referral(PlanRevoked),
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
        closes=(by_referral(PlanReviewed), by_referral(PlanClosed), by_referral(PlanRevoked)),
    ),
    Row(
        item="PLAN_HANDOVER",
        queue=lambda event, rules: "management" if event.fact.reason in NOT_THERE else "medical",
        subject=PLAN,
        opens=PlanHandoverOffered,
        priority="routine",
        due=Within(lambda due: due.plan_handover),
        detail=Detail("reason"),
        closes=(
            When(PlanHandoverEnded, lambda fact: fact.result != "declined"),
            PlanClosed,
            PlanRevoked,
        ),
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
        item="CONFLICT",
        queue="coordination",
        subject=named("conflict", "conflict_id"),
        opens=ConflictDetected,
        priority="urgent",
        due=Before(Within(lambda due: due.conflict), start_of_day),
        detail=Detail("kind"),
        closes=(ConflictResolved,),
    ),
    Row(
        item="MONTHLY_CONTACT",
        queue="nursing",
        subject=of("contact"),
        opens=ContactFellDue,
        when=lambda fact: fact.kind == "monthly",
        priority="routine",
        due=Within(lambda due: due.monthly_contact),
        closes=(
            ContactRecorded,
            by_referral(ContactRecorded, lambda fact: fact.kind == "monthly"),
            by_referral(PlanClosed),
            by_referral(PlanRevoked),
        ),
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
