"""Warning signs that staff heard of, visits that patients missed, findings that nobody expected, holds without a valid
plan → alerts; whoever was called about one has taken it up. Pure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.care_plan.v1.antithrombotic import AntithromboticPlanInvalidated
from schemas.care_plan.v1.codes import ALERT_CODE
from schemas.care_plan.v1.contact import ContactRecorded
from schemas.care_plan.v1.opioid import OpioidCheckRecorded, TaperStepRecorded
from schemas.notifications.v1.escalation import EscalationAcknowledged
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.referral.v1.patient import DeathSettled
from schemas.scheduling.v1.appointment import PatientDidNotAttend
from services.care_plan.antithrombotic_plan.facts import InrFailed
from services.care_plan.opioid_check.facts import SecondReviewAsked
from services.care_plan.rules import Rules
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT, alert_id
from services.care_plan.safety_alert.commands import (
    ConsiderFall,
    ConsiderFinding,
    ConsiderHighDose,
    ConsiderHold,
    ConsiderLeftTaper,
    ConsiderMissedVisit,
    ConsiderWarnings,
    FollowEscalation,
    RaiseOpen,
)


def consider_warnings(event: Event[ContactRecorded], rules: Rules) -> Orders:
    """One alert of each kind that the signs stand for, whatever the contact was about."""
    patient_id, kinds = event.head.lane_key, rules.care_plan.warning_signs.values
    if patient_id is None:
        return
    for code in sorted({kinds.alert(sign) for sign in event.fact.warnings}):
        command = like(ConsiderWarnings, event.fact, code=code)
        yield SAFETY_ALERT.send(command, to=one(alert_id(patient_id, code)))


def consider_missed_visit(event: Event[PatientDidNotAttend], rules: Rules) -> Orders:
    """Whether or not it counts: who is at risk is called."""
    if patient_id := event.head.lane_key:
        command = ConsiderMissedVisit(appointment_id=event.head.aggregate_id, patient_id=patient_id)
        yield SAFETY_ALERT.send(command, to=one(alert_id(patient_id, "dna_high_risk")))


def consider_finding(event: Event[OpioidCheckRecorded], rules: Rules) -> Orders:
    if (patient_id := event.head.lane_key) and event.fact.result == "unexpected":
        command = ConsiderFinding(check_id=event.fact.check_id)
        yield SAFETY_ALERT.send(command, to=one(alert_id(patient_id, "unexpected_finding")))


def consider_fall(event: Event[TaperStepRecorded], rules: Rules) -> Orders:
    """The patient may be in withdrawal, or find the drug elsewhere: a physician looks."""
    if (patient_id := event.head.lane_key) and not event.fact.as_planned:
        command = ConsiderFall(step_id=event.head.event_id)
        yield SAFETY_ALERT.send(command, to=one(alert_id(patient_id, "taper_too_fast")))


def consider_left_taper(event: Event[ReferralEnd], rules: Rules) -> Orders:
    """The checks of the referral end, and nobody asks any more how the taper goes."""
    if patient_id := event.head.lane_key:
        command = ConsiderLeftTaper(ended_by=event.head.event_id, patient_id=patient_id)
        yield SAFETY_ALERT.send(command, to=one(alert_id(patient_id, "taper_left")))


def consider_high_dose(event: Event[SecondReviewAsked], rules: Rules) -> Orders:
    command = ConsiderHighDose(asked_by=event.head.event_id, first_by=event.fact.first_by)
    target = alert_id(event.fact.patient_id, "mme_high_second_review")
    yield SAFETY_ALERT.send(command, to=one(target))


def consider_running_hold(event: Event[AntithromboticPlanInvalidated], rules: Rules) -> Orders:
    """The drug may be stopped already, for a date that is none any more."""
    if (patient_id := event.head.lane_key) and event.fact.hold_running:
        command = ConsiderHold(fact_id=event.head.event_id, code="hold_running_without_plan")
        yield SAFETY_ALERT.send(command, to=one(alert_id(patient_id, "hold_running_without_plan")))


def consider_inr(event: Event[InrFailed], rules: Rules) -> Orders:
    if patient_id := event.head.lane_key:
        command = ConsiderHold(fact_id=event.fact.fact_id, code="inr_blocked")
        yield SAFETY_ALERT.send(command, to=one(alert_id(patient_id, "inr_blocked")))


def raise_open(event: Event[DeathSettled], rules: Rules) -> Orders:
    """The death closed the work about them; nobody had assessed them."""
    for code in ALERT_CODE if event.fact.lives else ():
        command = RaiseOpen(settled_by=event.head.event_id)
        yield SAFETY_ALERT.send(command, to=one(alert_id(event.head.aggregate_id, code)))


def follow_escalation(event: Event[EscalationAcknowledged], rules: Rules) -> Orders:
    """What is no alert of ours is nothing to us: ids of subjects are of one thing only."""
    yield SAFETY_ALERT.send(like(FollowEscalation, event.fact), to=one(event.fact.subject_id))


REACTIONS: tuple[On, ...] = (
    *(on(fact, consider_left_taper) for fact in ENDS),
    on(ContactRecorded, consider_warnings),
    on(PatientDidNotAttend, consider_missed_visit),
    on(OpioidCheckRecorded, consider_finding),
    on(TaperStepRecorded, consider_fall),
    on(AntithromboticPlanInvalidated, consider_running_hold),
    on(EscalationAcknowledged, follow_escalation),
    on(DeathSettled, raise_open),
)

OWN: tuple[On, ...] = (on(SecondReviewAsked, consider_high_dose), on(InrFailed, consider_inr))
"""Handled in the transaction that writes the facts."""
