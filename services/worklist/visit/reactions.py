"""What is heard of appointments: their date, and that the patient is here. Pure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentMoved,
    AttendanceCorrected,
    PatientArrived,
)
from services.worklist.rules import Rules
from services.worklist.visit.aggregate import VISIT, BeginVisit, DateVisit, MoveVisit


def date_visit(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    yield VISIT.send(like(DateVisit, event.fact), to=one(event.head.aggregate_id))


def move_visit(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    yield VISIT.send(like(MoveVisit, event.fact), to=one(event.head.aggregate_id))


def begin_visit(event: Event[PatientArrived | AttendanceCorrected], rules: Rules) -> Orders:
    yield VISIT.send(BeginVisit(), to=one(event.head.aggregate_id))


VISITS: tuple[On, ...] = (
    on(AppointmentBooked, date_visit),
    on(AppointmentMoved, move_visit),
    on(PatientArrived, begin_visit),
    on(AttendanceCorrected, begin_visit),
)
