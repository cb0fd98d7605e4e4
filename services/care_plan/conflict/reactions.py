"""Dates of procedures and of exercise, and the course of activities → what goes together and what does not. Pure."""

from typing import Any

from backbone.model import Event, On, Orders, PersonJoined, PersonParted, all_of, on, one
from schemas.care_plan.v1.activity import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityPaused,
    ActivityResumed,
    ActivityStopped,
)
from schemas.care_plan.v1.procedure import ProcedureCancelled, ProcedurePerformed
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    PatientAttended,
    PatientDidNotAttend,
)
from services.care_plan.conflict.aggregate import CONFLICT, REST, Conflicts
from services.care_plan.conflict.commands import (
    DropProcedure,
    EndWatch,
    EndWatchedVisit,
    LookAtRest,
    MoveWatchedVisit,
    NoteProcedure,
    PauseWatch,
    ResumeWatch,
    WatchVisit,
)
from services.care_plan.conflict.facts import RestDayNoted
from services.care_plan.conflict.states import FINAL, OFF, conflict_id, told_by
from services.care_plan.rules import Rules


def note_booked(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    """A day of rest begins, or exercise is held."""
    fact, patient_id, appointment = event.fact, event.head.lane_key, event.head.aggregate_id
    if patient_id is None:
        return
    told: dict[str, Any] = {
        "appointment_id": appointment,
        "day": rules.calendar.day(fact.start),
        "told": told_by(fact.version),
        "patient_id": patient_id,
    }
    if fact.procedure_id:
        yield REST.send(NoteProcedure(procedure_id=fact.procedure_id, **told), to=one(patient_id))
    if fact.activity_id:
        command = WatchVisit(activity_id=fact.activity_id, **told)
        yield CONFLICT.send(command, to=one(conflict_id(fact.activity_id)))


def note_moved(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    """What waits for a gate again has no date until it is booked again."""
    patient_id, appointment = event.head.lane_key, event.head.aggregate_id
    if patient_id is None:
        return
    day, booked = rules.calendar.day(event.fact.start), event.fact.status != "pending"
    told = told_by(event.fact.version, booked)
    if booked:
        noted = NoteProcedure(appointment_id=appointment, day=day, told=told, patient_id=patient_id)
        yield REST.send(noted, to=one(patient_id))
    else:
        dropped = DropProcedure(appointment_id=appointment, told=told, patient_id=patient_id)
        yield REST.send(dropped, to=one(patient_id))
    target = all_of(Conflicts.patient_id(patient_id), Conflicts.watched)
    yield CONFLICT.send(MoveWatchedVisit(appointment_id=appointment, day=day, told=told), to=target)


def note_cancelled(event: Event[AppointmentCancelled | PatientDidNotAttend], rules: Rules) -> Orders:
    if patient_id := event.head.lane_key:
        command = DropProcedure(appointment_id=event.head.aggregate_id, told=OFF, patient_id=patient_id)
        yield REST.send(command, to=one(patient_id))
        yield from end_visit(patient_id, event.head.aggregate_id)


def note_attended(event: Event[PatientAttended], rules: Rules) -> Orders:
    """Exercise was held; a procedure was, and its days of rest have begun."""
    if patient_id := event.head.lane_key:
        yield from end_visit(patient_id, event.head.aggregate_id)


def end_visit(patient_id: str, appointment_id: str) -> Orders:
    target = all_of(Conflicts.patient_id(patient_id), Conflicts.watched)
    yield CONFLICT.send(EndWatchedVisit(appointment_id=appointment_id), to=target)


def note_performed(event: Event[ProcedurePerformed], rules: Rules) -> Orders:
    """It was done on this day, whatever was planned."""
    if patient_id := event.head.lane_key:
        command = NoteProcedure(
            appointment_id=event.fact.appointment_id,
            procedure_id=event.fact.procedure_id,
            day=rules.calendar.day(event.fact.ended_at),
            told=FINAL,
            patient_id=patient_id,
        )
        yield REST.send(command, to=one(patient_id))


def drop_cancelled(event: Event[ProcedureCancelled], rules: Rules) -> Orders:
    if patient_id := event.head.lane_key:
        command = DropProcedure(procedure_id=event.fact.procedure_id, told=OFF, patient_id=patient_id)
        yield REST.send(command, to=one(patient_id))


def look(event: Event[RestDayNoted], rules: Rules) -> Orders:
    """The procedures of one record concern the exercise of all records of the person."""
    for patient_id in (event.head.aggregate_id, *event.fact.also):
        yield from look_for(patient_id)


def look_for_person(event: Event[PersonJoined | PersonParted], rules: Rules) -> Orders:
    for patient_id in (event.head.aggregate_id, event.fact.other_id):
        yield from look_for(patient_id)


def look_for(patient_id: str) -> Orders:
    target = all_of(Conflicts.patient_id(patient_id), Conflicts.watched)
    yield CONFLICT.send(LookAtRest(patient_id=patient_id), to=target)


def pause(event: Event[ActivityPaused], rules: Rules) -> Orders:
    yield CONFLICT.send(PauseWatch(), to=one(conflict_id(event.fact.activity_id)))


def resume(event: Event[ActivityResumed], rules: Rules) -> Orders:
    yield CONFLICT.send(ResumeWatch(), to=one(conflict_id(event.fact.activity_id)))


def end_stopped(event: Event[ActivityStopped | ActivityCancelled], rules: Rules) -> Orders:
    yield CONFLICT.send(EndWatch(resolution="stopped"), to=one(conflict_id(event.fact.activity_id)))


def end_completed(event: Event[ActivityCompleted], rules: Rules) -> Orders:
    command = EndWatch(resolution="no_longer_applies")
    yield CONFLICT.send(command, to=one(conflict_id(event.fact.activity_id)))


REACTIONS: tuple[On, ...] = (
    on(AppointmentBooked, note_booked),
    on(AppointmentMoved, note_moved),
    on(AppointmentCancelled, note_cancelled),
    on(PatientDidNotAttend, note_cancelled),
    on(PatientAttended, note_attended),
    on(ProcedurePerformed, note_performed),
    on(ProcedureCancelled, drop_cancelled),
    on(ActivityPaused, pause),
    on(ActivityResumed, resume),
    on(ActivityStopped, end_stopped),
    on(ActivityCancelled, end_stopped),
    on(ActivityCompleted, end_completed),
)

OWN: tuple[On, ...] = (
    on(RestDayNoted, look),
    on(PersonJoined, look_for_person),
    on(PersonParted, look_for_person),
)
"""Handled in the transaction that writes the facts."""
