"""Work that messages make: nobody reached, something to read."""

from typing import Any

from schemas.care_plan.v1.contact import ContactRecorded as Spoken
from schemas.notifications.v1.message import (
    ContactRecorded,
    MessageDelivered,
    MessageFailed,
    MessageReplied,
    MessageSuppressed,
)
from schemas.scheduling.v1.appointment import AppointmentCancelled, AppointmentMoved
from services.worklist.catalogue.decide.due import within
from services.worklist.catalogue.decide.row import Row, by_referral, in_queue, named, priority

LATE = frozenset({"too_late", "quiet_hours_expired"})


def nobody_reached(fact: MessageSuppressed) -> bool:
    return fact.reason == "no_channel" or (fact.reason in LATE and fact.message_class == "appointment")


def needs_reading(fact: MessageReplied) -> bool:
    return fact.reply in ("unknown", "cancel", "reschedule")


def reached(*more: Any) -> tuple[Any, ...]:
    """Staff spoke with the patient, as either service has it."""
    return (by_referral(Spoken), by_referral(ContactRecorded), *more)


MESSAGE = named("message", "message_id")

MESSAGE_ROWS: tuple[Row, ...] = (
    Row(
        item="NO_CHANNEL",
        queue=in_queue("coordination"),
        subject=MESSAGE,
        opens=MessageSuppressed,
        when=nobody_reached,
        priority=priority("routine"),
        due=within("no_channel"),
        closes=reached(MessageDelivered),
    ),
    Row(
        item="CONTACT_FAILED",
        queue=in_queue("coordination"),
        subject=MESSAGE,
        opens=MessageFailed,
        priority=priority("routine"),
        due=within("contact_failed"),
        closes=reached(MessageDelivered),
    ),
    Row(
        item="REPLY_READ",
        queue=in_queue("coordination"),
        subject=MESSAGE,
        opens=MessageReplied,
        when=needs_reading,
        priority=priority("routine"),
        due=within("reply_read"),
        closes=reached(by_referral(AppointmentMoved), by_referral(AppointmentCancelled)),
    ),
)
