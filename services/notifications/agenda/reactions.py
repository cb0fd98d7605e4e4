"""Consents, and messages that were not sent → what plans and caps of a patient take into account. Pure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from schemas.notifications.v1.message import MessageCancelled, MessageFailed, MessageSuppressed
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import NoteConsent, NoteOver
from services.notifications.rules import Rules


def note_consent(event: Event[ConsentRecorded | ConsentWithdrawn], rules: Rules) -> Orders:
    if event.head.lane_key:
        command = like(NoteConsent, event.fact, given=isinstance(event.fact, ConsentRecorded))
        yield AGENDA.send(command, to=one(event.head.lane_key))


def note_over(event: Event[MessageSuppressed | MessageCancelled | MessageFailed], rules: Rules) -> Orders:
    """It takes no place under the cap any more."""
    if event.head.lane_key:
        yield AGENDA.send(like(NoteOver, event.fact), to=one(event.head.lane_key))


OWN: tuple[On, ...] = (
    on(ConsentRecorded, note_consent),
    on(ConsentWithdrawn, note_consent),
    on(MessageSuppressed, note_over),
    on(MessageCancelled, note_over),
    on(MessageFailed, note_over),
)
"""Handled in the transaction that writes the facts."""
