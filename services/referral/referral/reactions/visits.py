"""Facts of scheduling and care plan about the first visit → moves of the referral."""

from backbone.model import Event, On, Orders, on, one
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.attendance import AttendanceReviewed
from schemas.scheduling.v1.unavailability import UnavailabilityEnded, UnavailabilityRecorded
from schemas.scheduling.v1.waitlist import WaitlistJoined
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.decide.visits import (
    AttendVisit,
    DeclineAfterMissing,
    EndWithDischarge,
    FindVisit,
    LoseVisit,
    NoteOutcome,
    PutOnList,
    RescheduleVisit,
    ScheduleVisit,
)
from services.referral.referral.decide.waits import NoteUnavailability, ResetClock
from services.referral.referral.states import GOES_ON
from services.referral.rules import Rules


def put_on_list(event: Event[WaitlistJoined], rules: Rules) -> Orders:
    """X06, X10, X11"""
    if event.fact.purpose == FIRST_VISIT and event.head.pathway_id:
        yield REFERRAL.send(
            PutOnList(since=event.head.occurred_at, source_id=event.head.event_id),
            to=one(event.head.pathway_id),
        )


def schedule_visit(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    """TID 06, X07, 18, 21"""
    if event.fact.purpose == FIRST_VISIT and event.head.pathway_id:
        command = ScheduleVisit(appointment_id=event.head.aggregate_id, source_id=event.head.event_id)
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


def reschedule_visit(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    """TID 11"""
    if event.head.pathway_id:
        command = RescheduleVisit(appointment_id=event.head.aggregate_id, source_id=event.head.event_id)
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


def lose_visit(event: Event[AppointmentCancelled | PatientDidNotAttend], rules: Rules) -> Orders:
    """TID 12, 13"""
    if event.head.pathway_id:
        missed = isinstance(event.fact, PatientDidNotAttend)
        command = LoseVisit(
            appointment_id=event.head.aggregate_id, missed=missed, source_id=event.head.event_id
        )
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


def find_visit(event: Event[AttendanceCorrected], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield REFERRAL.send(
            FindVisit(appointment_id=event.head.aggregate_id, source_id=event.head.event_id),
            to=one(event.head.pathway_id),
        )


def attend_visit(event: Event[PatientAttended], rules: Rules) -> Orders:
    """TID 15, 16 with the outcome"""
    if event.fact.purpose == FIRST_VISIT and event.head.pathway_id:
        command = AttendVisit(
            appointment_id=event.head.aggregate_id, at=event.head.occurred_at, source_id=event.head.event_id
        )
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


def note_outcome(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    """TID 15, 16 with the attended visit"""
    if event.fact.kind == "initial" and event.head.pathway_id:
        command = NoteOutcome(
            outcome=event.fact.outcome,
            detail=event.fact.outcome_detail,
            ends=event.fact.outcome not in GOES_ON,
            decided_by=event.fact.decided_by,
            source_id=event.head.event_id,
        )
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


def decline_after_missing(event: Event[AttendanceReviewed], rules: Rules) -> Orders:
    """TID 17"""
    if event.fact.decision in ("refer_back", "discharge") and event.head.pathway_id:
        command = DeclineAfterMissing(decided_by=event.fact.decided_by, note_ref=event.fact.note_ref)
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


def reset_clock(event: Event[AttendanceReviewed], rules: Rules) -> Orders:
    """ATT-02, ATT-03, ATT-04: from the decision on."""
    if event.fact.decision == "reset_clock" and event.head.pathway_id:
        yield REFERRAL.send(ResetClock(since=event.head.occurred_at), to=one(event.head.pathway_id))


def end_with_discharge(event: Event[PatientDischarged], rules: Rules) -> Orders:
    """TID 30"""
    if event.head.pathway_id:
        command = EndWithDischarge(reason=event.fact.reason, decided_by=event.fact.decided_by)
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


def note_unavailability(event: Event[UnavailabilityRecorded | UnavailabilityEnded], rules: Rules) -> Orders:
    """ATT-06"""
    fact = event.fact
    if event.head.pathway_id:
        command = NoteUnavailability(period_id=fact.period_id, start=fact.start, end=fact.end)
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


FIRST_VISIT = "initial_consultation"
VISITS: tuple[On, ...] = (
    on(WaitlistJoined, put_on_list),
    on(AppointmentBooked, schedule_visit),
    on(AppointmentMoved, reschedule_visit),
    on(AppointmentCancelled, lose_visit),
    on(PatientDidNotAttend, lose_visit),
    on(AttendanceCorrected, find_visit),
    on(PatientAttended, attend_visit),
    on(AttendanceReviewed, decline_after_missing, reset_clock),
    on(UnavailabilityRecorded, note_unavailability),
    on(UnavailabilityEnded, note_unavailability),
    on(ConsultationCompleted, note_outcome),
    on(PatientDischarged, end_with_discharge),
)
