"""When measures are asked for: visits, reviews, discharges → requests. And what answers mean together."""

from datetime import date, datetime, timedelta

from backbone.ids import derive
from backbone.model import Event, On, Order, Orders, Send, Snapshot, all_of, like, on, one, together_for
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.care_plan.v1.plan import PlanActivated, PlanClosed, PlanReviewed, PlanRevoked
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.referral.v1.wait import WaitReviewFellDue
from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentCancelled, AppointmentMoved
from services.care_plan.measures.aggregate import MEASURE_REQUEST, MeasureRequests
from services.care_plan.measures.commands import AnswerMeasures, DropRequest, MoveRequest, PlanRequest
from services.care_plan.measures.facts import BaselineTooOld
from services.care_plan.measures.states import MeasureRequest
from services.care_plan.rules import Rules
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT, alert_id
from services.care_plan.safety_alert.commands import ConsiderAnswers


def asked_at(day: date, rules: Rules) -> datetime:
    """At the clinic's hour of asking."""
    return rules.calendar.at(day, rules.measures.battery.values.ask_at)


def asked_before(day: date, rules: Rules) -> datetime:
    """Early enough to answer before the day."""
    return asked_at(day - timedelta(days=rules.measures.battery.values.request_days_before), rules)


def request_id(subject_id: str, what: str) -> str:
    return derive(subject_id, f"measures:{what}")


def plan_baseline(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    """Before the first visit."""
    if event.fact.purpose != "initial_consultation":
        return
    day = rules.calendar.day(event.fact.start)
    command = PlanRequest(
        occasion="baseline",
        due_on=day,
        ask_at=asked_before(day, rules),
        appointment_id=event.head.aggregate_id,
    )
    subject = event.head.pathway_id or event.head.aggregate_id
    yield MEASURE_REQUEST.send(command, to=one(request_id(subject, "baseline")))


def move_baseline(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    """Asked for before the new date, if nothing was asked yet; again, if what was answered is too old by then."""
    day = rules.calendar.day(event.fact.start)
    command = MoveRequest(due_on=day, ask_at=asked_before(day, rules))
    target = all_of(MeasureRequests.appointment_id(event.head.aggregate_id))
    yield MEASURE_REQUEST.send(command, to=target)


def ask_again(event: Event[BaselineTooOld], rules: Rules) -> Orders:
    """By a request of its own: what was answered stays as it was."""
    command = like(PlanRequest, event.fact, occasion="baseline")
    yield MEASURE_REQUEST.send(command, to=one(request_id(event.head.aggregate_id, "again")))


def drop_baseline(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    target = all_of(MeasureRequests.appointment_id(event.head.aggregate_id), MeasureRequests.open)
    yield MEASURE_REQUEST.send(DropRequest(), to=target)


def drop_requests(event: Event[ReferralEnd], rules: Rules) -> Orders:
    """The referral is over. What follows a discharge is planned by its own fact."""
    yield from drop(event.head.aggregate_id)


def drop_reviews(event: Event[PlanClosed | PlanRevoked], rules: Rules) -> Orders:
    """Nobody looks at the answers of a review that does not take place."""
    if event.head.pathway_id:
        yield from drop(event.head.pathway_id)


def drop(referral_id: str) -> Orders:
    of_referral = MeasureRequests.referral_id(referral_id)
    target = all_of(of_referral, MeasureRequests.open, ~MeasureRequests.follows)
    yield MEASURE_REQUEST.send(DropRequest(), to=target)


def ask_while_waiting(event: Event[WaitReviewFellDue], rules: Rules) -> Orders:
    """Patients get worse while they wait (REF-10)."""
    now = event.head.occurred_at
    days = timedelta(days=rules.measures.battery.values.waiting_due_days)
    command = PlanRequest(occasion="waiting", due_on=rules.calendar.day(now) + days, ask_at=now)
    what = f"waiting:{event.fact.waiting_days}"
    yield MEASURE_REQUEST.send(command, to=one(request_id(event.head.aggregate_id, what)))


def plan_review(plan_id: str, due_on: date, rules: Rules) -> Send:
    command = PlanRequest(occasion="review", due_on=due_on, ask_at=asked_before(due_on, rules))
    return MEASURE_REQUEST.send(command, to=one(request_id(plan_id, f"review:{due_on}")))


def plan_first_review(event: Event[PlanActivated], rules: Rules) -> Orders:
    yield plan_review(event.fact.plan_id, event.fact.review_due, rules)


def plan_next_review(event: Event[PlanReviewed], rules: Rules) -> Orders:
    if event.fact.next_review:
        yield plan_review(event.fact.plan_id, event.fact.next_review, rules)


def plan_followups(event: Event[PatientDischarged], rules: Rules) -> Orders:
    days = timedelta(days=rules.measures.battery.values.followup_due_days)
    for day in event.fact.followup_measures_on:
        command = PlanRequest(occasion="followup", due_on=day + days, ask_at=asked_at(day, rules))
        subject = event.fact.plan_id or event.head.aggregate_id
        yield MEASURE_REQUEST.send(command, to=one(request_id(subject, f"followup:{day}")))


def answer(request: Snapshot[MeasureRequest], command: AnswerMeasures) -> Order:
    """Safety first: item 9 counts at once, and says whose it is (OUT-01)."""
    send = MEASURE_REQUEST.send(command, to=one(request.id))
    phq9 = command.answers.get("phq9")
    if not phq9 or not request.lane_key:
        return together_for(request, send)
    consider = ConsiderAnswers(command.submission_id, phq9)
    alert = SAFETY_ALERT.send(consider, to=one(alert_id(request.lane_key, "suicide_risk")))
    return together_for(request, alert, send)


REACTIONS: tuple[On, ...] = (
    on(WaitReviewFellDue, ask_while_waiting),
    *(on(fact, drop_requests) for fact in ENDS),
    on(PlanClosed, drop_reviews),
    on(PlanRevoked, drop_reviews),
    on(AppointmentBooked, plan_baseline),
    on(AppointmentMoved, move_baseline),
    on(AppointmentCancelled, drop_baseline),
    on(PlanActivated, plan_first_review),
    on(PlanReviewed, plan_next_review),
    on(PatientDischarged, plan_followups),
)

OWN: tuple[On, ...] = (on(BaselineTooOld, ask_again),)
"""Handled in the transaction that writes the facts."""
