"""Dates, missed dates, and the end of a plan or referral → orders to activities. And what a plan orders."""

from collections.abc import Iterable

from backbone.model import Event, On, Order, Orders, Send, Snapshot, all_of, on, one, together_for
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.care_plan.v1.plan import PlanClosed, PlanRevoked
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.scheduling.v1.appointment import AppointmentBooked, AttendanceCorrected, PatientDidNotAttend
from services.care_plan.activity.aggregate import ACTIVITY, Activities
from services.care_plan.activity.commands import (
    CompleteSession,
    EndWithPlan,
    NoteBooked,
    NoteMissed,
    TakeBackMissed,
)
from services.care_plan.activity.states import Activity, NotOrdered
from services.care_plan.opioid.aggregate import OPIOID_PROFILE, AssessAgain
from services.care_plan.opioid.states import profile_id
from services.care_plan.rules import Rules


def note_booked(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    if event.fact.activity_id:
        yield ACTIVITY.send(NoteBooked(), to=one(event.fact.activity_id))


def note_missed_session(event: Event[PatientDidNotAttend], rules: Rules) -> Orders:
    """MOD-03"""
    if event.fact.activity_id:
        command = NoteMissed(appointment_id=event.head.aggregate_id)
        yield ACTIVITY.send(command, to=one(event.fact.activity_id))


def take_back_missed_session(event: Event[AttendanceCorrected], rules: Rules) -> Orders:
    """MOD-03: whichever activity of the referral counted it."""
    if event.head.pathway_id:
        command = TakeBackMissed(appointment_id=event.head.aggregate_id)
        target = all_of(Activities.referral_id(event.head.pathway_id), Activities.open)
        yield ACTIVITY.send(command, to=target)


def end_activities(
    event: Event[PlanClosed | PlanRevoked | PatientDischarged | ReferralEnd],
    rules: Rules,
) -> Orders:
    """What is still planned ends with the plan and with the referral."""
    if event.head.pathway_id:
        command = EndWithPlan(reason=event.head.type.split(".")[1])
        target = all_of(Activities.referral_id(event.head.pathway_id), Activities.open)
        yield ACTIVITY.send(command, to=target)


def hold_session(activity: Snapshot[Activity], command: CompleteSession, expecting: int | None) -> Order:
    """The pharmacist's session also looks at the medication again."""
    send = ACTIVITY.send(command, to=one(activity.id), expecting=expecting)
    return together_for(activity, *look_at_medication(activity), send)


def look_at_medication(activity: Snapshot[Activity]) -> Iterable[Send]:
    state = activity.state
    if isinstance(state, NotOrdered) or not activity.lane_key:
        return
    if state.course.order.discipline == "pharmacy":
        yield OPIOID_PROFILE.send(AssessAgain(context="review"), to=one(profile_id(activity.lane_key)))


REACTIONS: tuple[On, ...] = (
    *(on(fact, end_activities) for fact in ENDS),
    on(AppointmentBooked, note_booked),
    on(PatientDidNotAttend, note_missed_session),
    on(AttendanceCorrected, take_back_missed_session),
    on(PlanClosed, end_activities),
    on(PlanRevoked, end_activities),
    on(PatientDischarged, end_activities),
)
