"""Visits and slots: reactions that begin, end, confirm and free. Pure."""

from backbone.model import Event, Orders, all_of, one
from schemas.care_plan.v1.activity import (
    SessionCompleted,
)
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
)
from schemas.notifications.v1.message import MessageReplied
from schemas.scheduling.v1.appointment import (
    AppointmentCancelled,
    AppointmentMoved,
)
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.commands import (
    BeginConsultation,
    Confirm,
    EndConsultation,
)
from services.scheduling.rules import Rules
from services.scheduling.slot.aggregate import SLOT, ReleaseSlot, Slots


def begin_visit(event: Event[ConsultationStarted], rules: Rules) -> Orders:
    command = BeginConsultation(consultation_id=event.fact.consultation_id)
    yield APPOINTMENT.send(command, to=one(event.fact.appointment_id))


def end_visit(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    yield APPOINTMENT.send(
        EndConsultation(),
        to=all_of(Appointments.consultation_id(event.fact.consultation_id), Appointments.open),
    )


def end_session(event: Event[SessionCompleted], rules: Rules) -> Orders:
    if event.fact.appointment_id:
        yield APPOINTMENT.send(EndConsultation(), to=one(event.fact.appointment_id))


def free_slots(
    event: Event[AppointmentCancelled | AppointmentMoved | OfferDeclined | OfferExpired], rules: Rules
) -> Orders:
    """Whatever this appointment held or had, and has no more, is free again."""
    appointment_id = event.head.aggregate_id
    yield SLOT.send(
        ReleaseSlot(appointment_id=appointment_id), to=all_of(Slots.appointment_id(appointment_id))
    )


def confirm(event: Event[MessageReplied], rules: Rules) -> Orders:
    """Only what asks for no decision: to cancel is a person's (NOT, REPLY_READ)."""
    if event.fact.reply == "confirm":
        command = Confirm(via="reply", version=event.fact.subject_version)
        yield APPOINTMENT.send(command, to=one(event.fact.subject_id))
