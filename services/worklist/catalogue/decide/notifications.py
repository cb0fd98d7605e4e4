"""Work that messages, pages and the roster make: nobody reached, something to read, nobody to call."""

from datetime import timedelta

from backbone.model import Event
from schemas.care_plan.v1.contact import ContactRecorded as Spoken
from schemas.codes import Priority
from schemas.notifications.v1.escalation import (
    EscalationAcknowledged,
    EscalationResolved,
    EscalationTimedOut,
)
from schemas.notifications.v1.message import (
    ContactRecorded,
    MessageDelivered,
    MessageFailed,
    MessageReplied,
    MessageSuppressed,
)
from schemas.notifications.v1.roster import RosterFoundComplete, RosterFoundIncomplete
from schemas.scheduling.v1.appointment import AppointmentCancelled, AppointmentMoved
from services.worklist.catalogue.decide.due import Within, at_once
from services.worklist.catalogue.decide.row import Row, by_referral, named, of
from services.worklist.rules import Rules

LATE = frozenset({"too_late", "quiet_hours_expired"})


def nobody_reached(fact: MessageSuppressed) -> bool:
    return fact.reason == "no_channel" or (fact.reason in LATE and fact.message_class == "appointment")


def soon_or_routine(event: Event[MessageFailed], rules: Rules) -> Priority:
    """Who comes in the next days must be reached before."""
    start = event.fact.start
    days = timedelta(days=rules.worklist.contact_soon.values.days)
    soon = start is not None and start <= event.head.occurred_at + days
    return "urgent" if soon else "routine"


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
        when=lambda fact: fact.template != "ESCALATION_PAGE",  # the ladder goes on instead
        priority=soon_or_routine,
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
    Row(
        item="ESCALATION_EXHAUSTED",
        queue="management",
        subject=named("escalation", "escalation_id"),
        opens=EscalationTimedOut,
        when=lambda fact: fact.next_level is None,
        priority="stat",
        due=at_once,
        closes=(EscalationAcknowledged, EscalationResolved),
        cleaned_up=False,
    ),
    Row(
        item="ROSTER_INCOMPLETE",
        queue="management",
        subject=of("roster"),
        opens=RosterFoundIncomplete,
        priority="asap",
        due=Within(lambda due: due.roster_incomplete),
        closes=(RosterFoundComplete,),
        cleaned_up=False,
    ),
)
