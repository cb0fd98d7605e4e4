"""Orders to a patient's diary: a time is taken with its slot, and free again when the appointment is off. Pure."""

from collections.abc import Sequence

from backbone.model import Event, On, Orders, Send, on
from schemas.scheduling.v1.appointment import AppointmentCancelled
from services.scheduling.diary.aggregate import DIARY, Expected, FreeTimes, LookAtTimes, TakeTimes, diary_of
from services.scheduling.rules import Rules
from services.scheduling.slot.states import SlotTime


def expect(patient_id: str | None, *expected: Expected) -> list[Send]:
    """The patient is expected then, once for a whole act; of nobody there is no diary."""
    if patient_id is None:
        return []
    return [DIARY.send(TakeTimes(patient_id=patient_id, expected=expected), to=diary_of(patient_id))]


def forget(patient_id: str | None, *appointment_ids: str) -> list[Send]:
    """These times are free again."""
    return (
        [DIARY.send(FreeTimes(appointment_ids=appointment_ids), to=diary_of(patient_id))]
        if patient_id
        else []
    )


def ask_for(patient_id: str | None, times: Sequence[SlotTime], appointment_id: str) -> list[Send]:
    """Is the patient free at all of them?"""
    if patient_id is None:
        return []
    command = LookAtTimes(appointment_id=appointment_id, patient_id=patient_id, times=tuple(times))
    return [DIARY.send(command, to=diary_of(patient_id))]


def free_time(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    yield from forget(event.head.lane_key, event.head.aggregate_id)


REACTIONS: tuple[On, ...] = (on(AppointmentCancelled, free_time),)
