"""Facts of scheduling → what is known of an appointment."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientAttended,
    PatientDidNotAttend,
)
from services.care_plan.rules import Rules
from services.care_plan.visit.aggregate import VISIT, EndVisit, MoveVisit, NoteVisit


def note_visit(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    yield VISIT.send(like(NoteVisit, event.fact), to=one(event.head.aggregate_id))


def move_visit(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    yield VISIT.send(like(MoveVisit, event.fact), to=one(event.head.aggregate_id))


def end_visit(
    event: Event[AppointmentCancelled | PatientAttended | PatientDidNotAttend | AttendanceCorrected],
    rules: Rules,
) -> Orders:
    """Who was late and seen did come."""
    yield VISIT.send(EndVisit(event.head.type.split(".")[1]), to=one(event.head.aggregate_id))


REACTIONS: tuple[On, ...] = (
    on(AppointmentBooked, note_visit),
    on(AppointmentMoved, move_visit),
    on(AppointmentCancelled, end_visit),
    on(PatientAttended, end_visit),
    on(PatientDidNotAttend, end_visit),
    on(AttendanceCorrected, end_visit),
)
