"""Work that messages make: nobody reached, something to read."""

from schemas.care_plan.v1.contact import ContactRecorded as Spoken
from schemas.notifications.v1.message import (
    ContactRecorded,
    MessageDelivered,
    MessageFailed,
    MessageReplied,
    MessageSuppressed,
)
from schemas.scheduling.v1.appointment import AppointmentCancelled, AppointmentMoved
from services.worklist.catalogue.decide.due import Within
from services.worklist.catalogue.decide.row import Row, by_referral, named

LATE = frozenset({"too_late", "quiet_hours_expired"})


def nobody_reached(fact: MessageSuppressed) -> bool:
    return fact.reason == "no_channel" or (fact.reason in LATE and fact.message_class == "appointment")


SPOKEN = (by_referral(Spoken), by_referral(ContactRecorded))
"""Staff spoke with the patient, as either service has it."""

MESSAGE = named("message", "message_id")

NOTIFICATIONS_ROWS = (
    Row(
        item="NO_CHANNEL",
        queue="coordination",
        subject=MESSAGE,
        opens=MessageSuppressed,
        when=nobody_reached,
        priority="routine",
        due=Within(lambda due: due.no_channel),
        closes=(*SPOKEN, MessageDelivered),
    ),
    Row(
        item="CONTACT_FAILED",
        queue="coordination",
        subject=MESSAGE,
        opens=MessageFailed,
        priority="routine",
        due=Within(lambda due: due.contact_failed),
        closes=(*SPOKEN, MessageDelivered),
    ),
    Row(
        item="REPLY_READ",
        queue="coordination",
        subject=MESSAGE,
        opens=MessageReplied,
        when=lambda fact: fact.reply in ("unknown", "cancel", "reschedule"),
        priority="routine",
        due=Within(lambda due: due.reply_read),
        closes=(*SPOKEN, by_referral(AppointmentMoved), by_referral(AppointmentCancelled)),
    ),
)
