"""Orders to a patient's diary: a time is taken with its slot, and free again when the appointment is off. Pure."""

from datetime import datetime

from backbone.model import Event, On, Orders, Send, like, on
from schemas.scheduling.v1.appointment import AppointmentCancelled
from services.scheduling.diary.aggregate import DIARY, FreeTime, TakeTime, diary_of
from services.scheduling.rules import Rules
from services.scheduling.slot.states import SlotTime


def expect(
    patient_id: str | None, time: SlotTime, appointment_id: str, until: datetime | None = None
) -> list[Send]:
    """The patient is expected then; of nobody there is no diary."""
    if patient_id is None:
        return []
    command = like(TakeTime, time, appointment_id=appointment_id, until=until)
    return [DIARY.send(command, to=diary_of(patient_id))]


def free_time(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    if event.head.lane_key:
        command = FreeTime(appointment_id=event.head.aggregate_id)
        yield DIARY.send(command, to=diary_of(event.head.lane_key))


REACTIONS: tuple[On, ...] = (on(AppointmentCancelled, free_time),)
