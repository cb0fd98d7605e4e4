"""When measures are asked for, and what scores, alerts and doses mean for later decisions. Pure."""

from datetime import date, datetime, timedelta
from typing import Any

from backbone.ids import derive
from backbone.model import Event, Orders, all_of, one
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.care_plan.v1.measure import MeasureScored
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from schemas.care_plan.v1.plan import PlanActivated, PlanReviewed
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from schemas.referral.v1.referral import MedicationsListed, ReferralReceived
from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentCancelled, AppointmentMoved
from services.care_plan.domain.measures.aggregate import MEASURE_REQUEST, MeasureRequests
from services.care_plan.domain.measures.history import (
    HISTORY,
    NotePlan,
    NoteReview,
    NoteRisk,
    NoteScore,
    NoteSites,
    Score,
)
from services.care_plan.domain.measures.states import DropRequest, MoveRequest, PlanRequest
from services.care_plan.domain.opioid import OPIOID_PROFILE, AssessAgain, AssessList, Drug, profile_id
from services.care_plan.domain.rules import Rules


def asked_at(day: date, rules: Rules) -> datetime:
    """10:00 at the clinic."""
    return rules.calendar.at(day, rules.measures.battery.values.ask_at)


def request_id(subject_id: str, what: str) -> str:
    return derive(subject_id, f"measures:{what}")


def note_sites(event: Event[ReferralReceived], rules: Rules) -> Orders:
    """Some instruments are for back pain only."""
    battery, fact = rules.measures.battery.values, event.fact
    sites = bool(set(fact.body_sites) & set(battery.back_pain_sites))
    coded = any(
        code.startswith(start) for code in fact.condition_codes for start in battery.back_pain_conditions
    )
    yield HISTORY.send(NoteSites(back_pain=sites or coded), to=one(event.head.aggregate_id))


def plan_baseline(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    """Before the first visit."""
    if event.fact.purpose != "initial_consultation":
        return
    day = rules.calendar.day(event.fact.start)
    before = timedelta(days=rules.measures.battery.values.request_days_before)
    command = PlanRequest(
        occasion="baseline",
        due_on=day,
        ask_at=asked_at(day - before, rules),
        appointment_id=event.head.aggregate_id,
    )
    subject = event.head.pathway_id or event.head.aggregate_id
    yield MEASURE_REQUEST.send(command, to=one(request_id(subject, "baseline")))


def move_baseline(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    """Asked for before the new date, if nothing was asked yet."""
    day = rules.calendar.day(event.fact.start)
    before = timedelta(days=rules.measures.battery.values.request_days_before)
    command = MoveRequest(due_on=day, ask_at=asked_at(day - before, rules))
    yield MEASURE_REQUEST.send(
        command, to=all_of(MeasureRequests.appointment_id(event.head.aggregate_id), MeasureRequests.open)
    )


def drop_baseline(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    target = all_of(MeasureRequests.appointment_id(event.head.aggregate_id), MeasureRequests.open)
    yield MEASURE_REQUEST.send(DropRequest(), to=target)


def drop_requests(event: Event[Any], rules: Rules) -> Orders:
    """The referral is over. What follows a discharge is planned by its own fact."""
    target = all_of(
        MeasureRequests.referral_id(event.head.aggregate_id), MeasureRequests.open, ~MeasureRequests.follows
    )
    yield MEASURE_REQUEST.send(DropRequest(), to=target)


def plan_review(plan_id: str, due_on: date, rules: Rules) -> Orders:
    before = timedelta(days=rules.measures.battery.values.request_days_before)
    command = PlanRequest(occasion="review", due_on=due_on, ask_at=asked_at(due_on - before, rules))
    yield MEASURE_REQUEST.send(command, to=one(request_id(plan_id, f"review:{due_on}")))


def plan_first_review(event: Event[PlanActivated], rules: Rules) -> Orders:
    yield from plan_review(event.fact.plan_id, event.fact.review_due, rules)


def plan_next_review(event: Event[PlanReviewed], rules: Rules) -> Orders:
    if event.fact.next_review:
        yield from plan_review(event.fact.plan_id, event.fact.next_review, rules)


def plan_followups(event: Event[PatientDischarged], rules: Rules) -> Orders:
    days = timedelta(days=rules.measures.battery.values.followup_due_days)
    for on in event.fact.followup_measures_on:
        command = PlanRequest(occasion="followup", due_on=on + days, ask_at=asked_at(on, rules))
        subject = event.fact.plan_id or event.head.aggregate_id
        yield MEASURE_REQUEST.send(command, to=one(request_id(subject, f"followup:{on}")))


def note_start(event: Event[PlanActivated], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield HISTORY.send(NotePlan(started_on=event.fact.start), to=one(event.head.pathway_id))


def note_review(event: Event[PlanReviewed], rules: Rules) -> Orders:
    if event.head.pathway_id:
        day = rules.calendar.day(event.head.occurred_at)
        yield HISTORY.send(NoteReview(on=day), to=one(event.head.pathway_id))


def count_ordered(event: Event[Any], rules: Rules) -> Orders:
    if event.head.pathway_id:
        command = NotePlan(activity_id=event.fact.activity_id, running=True)
        yield HISTORY.send(command, to=one(event.head.pathway_id))


def count_ended(event: Event[Any], rules: Rules) -> Orders:
    if event.head.pathway_id:
        command = NotePlan(activity_id=event.fact.activity_id, running=False)
        yield HISTORY.send(command, to=one(event.head.pathway_id))


def note_score(event: Event[MeasureScored], rules: Rules) -> Orders:
    fact = event.fact
    if event.head.pathway_id is None:
        return
    score = Score(
        instrument=fact.instrument,
        instrument_version=fact.instrument_version,
        score=fact.score,
        item_sum=fact.item_sum,
        responder=fact.responder,
        taken_at=fact.taken_at,
    )
    yield HISTORY.send(NoteScore(request_id=fact.request_id, score=score), to=one(event.head.pathway_id))


def note_dose(event: Event[OpioidExposureAssessed], rules: Rules) -> Orders:
    fact, high = event.fact, rules.opioid.factors.values.high_mme
    if event.head.pathway_id:
        known_high = fact.mme_per_day is not None and fact.mme_per_day >= high
        yield HISTORY.send(NoteRisk(high_dose=known_high), to=one(event.head.pathway_id))


def note_alert(event: Event[SafetyAlertRaised], rules: Rules) -> Orders:
    if event.head.pathway_id:
        command = NoteRisk(alert_at=event.head.occurred_at, alert_open=True)
        yield HISTORY.send(command, to=one(event.head.pathway_id))


def note_alert_closed(event: Event[SafetyAlertClosed], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield HISTORY.send(NoteRisk(alert_open=False), to=one(event.head.pathway_id))


def assess_exposure(event: Event[MedicationsListed], rules: Rules) -> Orders:
    if event.head.lane_key is None:
        return
    drugs = tuple(
        Drug(code=each.code, dose=each.dose, unit=each.dose_unit, per_day=each.per_day, route=each.route)
        for each in event.fact.items
    )
    command = AssessList(
        drugs=drugs, complete=event.fact.complete, source_id=event.head.event_id, context="intake"
    )
    yield OPIOID_PROFILE.send(command, to=one(profile_id(event.head.lane_key)))


def look_at_exposure(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    """The physician reconciled the medication: who takes opioids is assessed again."""
    if event.head.lane_key:
        command = AssessAgain(context="consultation", only_if_any=True)
        yield OPIOID_PROFILE.send(command, to=one(profile_id(event.head.lane_key)))
