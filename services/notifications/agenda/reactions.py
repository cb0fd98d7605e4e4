"""Consents and what became of messages → what the plans and caps of a patient take into account. Pure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from schemas.notifications.v1.message import MessageCancelled, MessageFailed, MessageSuppressed
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import NoteConsent, NoteOver, NotePushed
from services.notifications.message.facts import MessageReleased
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS

PUSHED = ("sms", "email")
"""Channels that count against the caps (NOT-13): the portal has a message at once, the post takes its time."""


def note_consent(event: Event[ConsentRecorded | ConsentWithdrawn], rules: Rules) -> Orders:
    if event.head.lane_key:
        command = like(NoteConsent, event.fact, given=isinstance(event.fact, ConsentRecorded))
        yield AGENDA.send(command, to=one(event.head.lane_key))


def note_pushed(event: Event[MessageReleased], rules: Rules) -> Orders:
    """It leaves: what is pushed to a patient counts."""
    fact, patient_id = event.fact, event.head.lane_key
    if patient_id and fact.channel in PUSHED and KINDS[fact.template].audience == "pt":
        command = like(NotePushed, fact, patient_id=patient_id, at=event.head.occurred_at)
        yield AGENDA.send(command, to=one(patient_id))


def note_over(event: Event[MessageSuppressed | MessageCancelled | MessageFailed], rules: Rules) -> Orders:
    """It takes no place under the cap any more."""
    if event.head.lane_key:
        yield AGENDA.send(like(NoteOver, event.fact), to=one(event.head.lane_key))


OWN: tuple[On, ...] = (
    on(ConsentRecorded, note_consent),
    on(ConsentWithdrawn, note_consent),
    on(MessageReleased, note_pushed),
    on(MessageSuppressed, note_over),
    on(MessageCancelled, note_over),
    on(MessageFailed, note_over),
)
"""Handled in the transaction that writes the facts."""
