"""Consents, and messages that were not sent → what plans and caps of a patient take into account. Pure."""

from backbone.model import Event, On, Orders, PersonJoined, like, on, one
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from schemas.notifications.v1.message import MessageCancelled, MessageFailed, MessageSuppressed
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import CountPush, NoteConsent, NoteOver, TakeOver
from services.notifications.agenda.facts import ConsentNoted, MessagePushed
from services.notifications.rules import Rules


def note_consent(event: Event[ConsentRecorded | ConsentWithdrawn], rules: Rules) -> Orders:
    if event.head.lane_key:
        whose, given = event.head.lane_key, isinstance(event.fact, ConsentRecorded)
        yield AGENDA.send(like(NoteConsent, event.fact, patient_id=whose, given=given), to=one(whose))


def note_over(event: Event[MessageSuppressed | MessageCancelled | MessageFailed], rules: Rules) -> Orders:
    """It takes no place under the cap any more."""
    if event.head.lane_key:
        yield AGENDA.send(like(NoteOver, event.fact), to=one(event.head.lane_key))


def share_consent(event: Event[ConsentNoted], rules: Rules) -> Orders:
    for other in event.fact.also:
        yield AGENDA.send(like(NoteConsent, event.fact, patient_id=other), to=one(other))


def share_push(event: Event[MessagePushed], rules: Rules) -> Orders:
    fact = event.fact
    if fact.template:
        for other in fact.also:
            yield AGENDA.send(like(CountPush, fact, template=fact.template), to=one(other))


def take_over(event: Event[PersonJoined], rules: Rules) -> Orders:
    """What was said and sent before the merge."""
    me, other = event.head.aggregate_id, event.fact.other_id
    yield AGENDA.send(TakeOver(other_id=other), to=one(me))


OWN: tuple[On, ...] = (
    on(PersonJoined, take_over),
    on(ConsentNoted, share_consent),
    on(MessagePushed, share_push),
    on(ConsentRecorded, note_consent),
    on(ConsentWithdrawn, note_consent),
    on(MessageSuppressed, note_over),
    on(MessageCancelled, note_over),
    on(MessageFailed, note_over),
)
"""Handled in the transaction that writes the facts."""
