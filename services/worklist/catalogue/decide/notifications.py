"""Work that messages, pages and the roster make: nobody reached, something to read, nobody to call."""

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
    MessageCancelled,
    MessageDelivered,
    MessageFailed,
    MessageReplied,
    MessageSuppressed,
)
from schemas.notifications.v1.roster import RosterFoundComplete, RosterFoundIncomplete
from schemas.scheduling.v1.appointment import AppointmentCancelled, AppointmentMoved
from services.worklist.catalogue.decide.due import Before, Within, at_once, safety_ack, safety_due, start_of
from services.worklist.catalogue.decide.row import Detail, Row, When, by_referral, named, of
from services.worklist.rules import Rules

NOBODY_NEEDS = frozenset({"not_relevant", "deceased", "duplicate"})
PAGES = frozenset({"ESCALATION_PAGE", "ESCALATION_PAGES"})
CAPPED = frozenset({"cap_day", "cap_week", "cap_reserved"})


def nobody_reached(fact: MessageSuppressed) -> bool:
    """Whatever keeps a message about a date or a decision back, somebody says it instead, unless there is nothing to be
    said. The reminder of three days before gives way to that of the day before, which says the same; a questionnaire is
    asked for again, and a page is followed by the ladder."""
    if fact.reason in CAPPED and fact.template == "APPT_D3":
        return False
    is_said_again = fact.message_class == "measure" or fact.template == "ESCALATION_PAGE"
    return fact.reason == "no_channel" or not (is_said_again or fact.reason in NOBODY_NEEDS)


def soon_or_routine(event: Event[MessageFailed], rules: Rules) -> Priority:
    """Who comes in the next days must be reached before."""
    start, days = event.fact.start, rules.worklist.contact_soon.values.days
    soon = start is not None and rules.calendar.days_between(event.head.occurred_at, start) <= days
    return "urgent" if soon else "routine"


SPOKEN = (by_referral(Spoken), by_referral(ContactRecorded), ContactRecorded)
"""Staff spoke with the patient, as either service has it; or about this very message, which may have no referral."""

NOTHING_TO_SAY = When(MessageCancelled, lambda fact: fact.reason != "missed")
"""Of a visit that was missed there is: nobody knows yet why the reminder did not arrive."""

MESSAGE = named("message", "message_id")

NOTIFICATIONS_ROWS = (
    Row(
        item="NO_CHANNEL",
        queue="coordination",
        subject=MESSAGE,
        opens=MessageSuppressed,
        when=nobody_reached,
        priority="routine",
        due=Before(Within(lambda due: due.no_channel), start_of),
        detail=Detail("reason"),
        about=Detail("template"),
        closes=(*SPOKEN, MessageDelivered, NOTHING_TO_SAY),
    ),
    Row(
        item="CONTACT_FAILED",
        queue="coordination",
        subject=MESSAGE,
        opens=MessageFailed,
        when=lambda fact: fact.template not in PAGES,  # the ladder goes on instead
        priority=soon_or_routine,
        due=Before(Within(lambda due: due.contact_failed), start_of),
        detail=Detail("template"),
        closes=(*SPOKEN, MessageDelivered, NOTHING_TO_SAY),
    ),
    Row(
        item="CRISIS_CALL",
        queue="nursing",
        subject=MESSAGE,
        opens=MessageReplied,
        when=lambda fact: fact.severity is not None,
        priority="stat",
        due=safety_due,
        ack=safety_ack,
        detail=Detail("severity"),
        closes=(When(ContactRecorded, lambda fact: fact.result == "reached"),),
        safety=True,
        cleaned_up=False,
    ),
    Row(
        item="REPLY_READ",
        queue="coordination",
        subject=MESSAGE,
        opens=MessageReplied,
        when=lambda fact: fact.reply in ("unknown", "cancel", "reschedule") and fact.severity is None,
        priority="routine",
        due=Before(Within(lambda due: due.reply_read), start_of),
        detail=Detail("reply"),
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
        detail=Detail("posts"),
        closes=(RosterFoundComplete,),
        cleaned_up=False,
    ),
)
