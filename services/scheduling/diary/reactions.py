"""Orders to a patient's diary: a time is taken with its slot, and free again when the appointment is off; those of one
person's records are compared. Pure."""

from collections.abc import Sequence

from backbone.model import Event, On, Orders, PersonJoined, PersonParted, Send, on, one
from schemas.scheduling.v1.appointment import AppointmentCancelled
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import LookAtOverlap
from services.scheduling.diary.aggregate import (
    DIARY,
    CompareTimes,
    Expected,
    FreeTimes,
    LookAtTimes,
    TakeTimes,
    diary_of,
)
from services.scheduling.diary.facts import OverlapFound, OverlapGone, TimeFreed, TimeTaken
from services.scheduling.rules import Rules
from services.scheduling.slot.states import SlotTime


def expect(patient_id: str | None, *expected: Expected) -> list[Send]:
    """The patient is expected then, once for a whole act; of nobody there is no diary."""
    if patient_id is None:
        return []
    return [DIARY.send(TakeTimes(patient_id=patient_id, expected=expected), to=diary_of(patient_id))]


def forget(patient_id: str | None, *appointment_ids: str) -> list[Send]:
    """These times are free again."""
    if patient_id is None:
        return []
    command = FreeTimes(appointment_ids=appointment_ids, patient_id=patient_id)
    return [DIARY.send(command, to=diary_of(patient_id))]


def ask_for(patient_id: str | None, times: Sequence[SlotTime], appointment_id: str) -> list[Send]:
    """Is the patient free at all of them?"""
    if patient_id is None:
        return []
    command = LookAtTimes(appointment_id=appointment_id, patient_id=patient_id, times=tuple(times))
    return [DIARY.send(command, to=diary_of(patient_id))]


def free_time(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    yield from forget(event.head.lane_key, event.head.aggregate_id)


def compare(event: Event[TimeTaken | TimeFreed], rules: Rules) -> Orders:
    """Who has one record has nothing to compare."""
    if event.fact.also and event.head.lane_key:
        for patient_id in (event.head.lane_key, *event.fact.also):
            yield compared(patient_id)


def compare_for_person(event: Event[PersonJoined | PersonParted], rules: Rules) -> Orders:
    for patient_id in (event.head.aggregate_id, event.fact.other_id):
        yield compared(patient_id)


def compared(patient_id: str) -> Send:
    return DIARY.send(CompareTimes(patient_id=patient_id), to=diary_of(patient_id))


def tell_visit(event: Event[OverlapFound | OverlapGone], rules: Rules) -> Orders:
    """Whoever books is asked to move or cancel one of the two."""
    other_id = event.fact.other_id if isinstance(event.fact, OverlapFound) else None
    yield APPOINTMENT.send(LookAtOverlap(other_id=other_id), to=one(event.fact.appointment_id))


REACTIONS: tuple[On, ...] = (on(AppointmentCancelled, free_time),)

OWN: tuple[On, ...] = (
    on(TimeTaken, compare),
    on(TimeFreed, compare),
    on(PersonJoined, compare_for_person),
    on(PersonParted, compare_for_person),
    on(OverlapFound, tell_visit),
    on(OverlapGone, tell_visit),
)
"""Handled in the transaction that writes the facts."""
