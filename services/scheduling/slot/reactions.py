"""Orders to slots: held and taken for an appointment, free again when a fact says that it has them no more. Pure."""

from datetime import datetime

from backbone.model import Event, On, Orders, Send, all_of, like, on
from schemas.scheduling.v1.appointment import AppointmentCancelled, AppointmentMoved
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired
from services.scheduling.rules import Rules
from services.scheduling.slot.aggregate import SLOT, Slots, slot_at
from services.scheduling.slot.commands import HoldSlot, ReleaseSlot, TakeSlot
from services.scheduling.slot.states import SlotTime


def hold(time: SlotTime, appointment_id: str, until: datetime) -> Send:
    return SLOT.send(like(HoldSlot, time, appointment_id=appointment_id, until=until), to=slot_at(time))


def take(time: SlotTime, appointment_id: str) -> Send:
    return SLOT.send(like(TakeSlot, time, appointment_id=appointment_id), to=slot_at(time))


def release(time: SlotTime, appointment_id: str) -> Send:
    return SLOT.send(ReleaseSlot(appointment_id=appointment_id), to=slot_at(time))


def free_slots(
    event: Event[AppointmentCancelled | AppointmentMoved | OfferDeclined | OfferExpired], rules: Rules
) -> Orders:
    """Whatever this appointment held or had, and has no more, is free again."""
    appointment_id = event.head.aggregate_id
    yield SLOT.send(
        ReleaseSlot(appointment_id=appointment_id), to=all_of(Slots.appointment_id(appointment_id))
    )


REACTIONS: tuple[On, ...] = (
    on(OfferDeclined, free_slots),
    on(OfferExpired, free_slots),
    on(AppointmentMoved, free_slots),
    on(AppointmentCancelled, free_slots),
)
