"""Consents, and messages that were not sent → what plans and caps of a patient take into account. Pure."""

from backbone.model import Event, On, Orders, PersonJoined, like, on, one
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from schemas.notifications.v1.message import (
    ContactRecorded,
    MessageCancelled,
    MessageDelivered,
    MessageFailed,
    MessageSuppressed,
)
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import (
    CountPush,
    NoteConsent,
    NoteDelivered,
    NoteOver,
    NotePutOff,
    TakeOver,
)
from services.notifications.agenda.decide.notes import FAILED
from services.notifications.agenda.facts import ConsentNoted, MessagePushed
from services.notifications.message.facts import MessageDeferred
from services.notifications.rules import Rules

NOTHING_TO_SAY = frozenset({"not_relevant", "deceased", "duplicate"})


def note_consent(event: Event[ConsentRecorded | ConsentWithdrawn], rules: Rules) -> Orders:
    if event.head.lane_key:
        whose, given = event.head.lane_key, isinstance(event.fact, ConsentRecorded)
        yield AGENDA.send(like(NoteConsent, event.fact, patient_id=whose, given=given), to=one(whose))


def note_over(event: Event[MessageSuppressed | MessageCancelled | MessageFailed], rules: Rules) -> Orders:
    """It takes no place under the cap any more."""
    if event.head.lane_key:
        command = like(NoteOver, event.fact, kept_back=kept_back(event.fact))
        yield AGENDA.send(command, to=one(event.head.lane_key))


def kept_back(fact: MessageSuppressed | MessageCancelled | MessageFailed) -> str | None:
    """Why the patient was not told, where they are still to be. Under a cap the reminder of three days before gives way
    to that of the day before."""
    match fact:
        case MessageFailed():
            return FAILED
        case MessageSuppressed(template="APPT_D3", reason="cap_day" | "cap_week" | "cap_reserved"):
            return None
        case MessageSuppressed(reason=reason) if reason not in NOTHING_TO_SAY:
            return reason
        case _:
            return None


def note_put_off(event: Event[MessageDeferred], rules: Rules) -> Orders:
    """Caps are counted on the day on which it goes."""
    if event.head.lane_key:
        command = NotePutOff(message_id=event.head.aggregate_id, send_at=event.fact.send_at)
        yield AGENDA.send(command, to=one(event.head.lane_key))


def note_delivered(event: Event[MessageDelivered], rules: Rules) -> Orders:
    if event.head.lane_key:
        yield AGENDA.send(like(NoteDelivered, event.fact), to=one(event.head.lane_key))


def note_spoken(event: Event[ContactRecorded], rules: Rules) -> Orders:
    """A person said it instead."""
    fact = event.fact
    if event.head.lane_key and fact.message_id and fact.result == "reached":
        yield AGENDA.send(NoteOver(message_id=fact.message_id), to=one(event.head.lane_key))


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
    on(MessageDelivered, note_delivered),
    on(MessageDeferred, note_put_off),
    on(ContactRecorded, note_spoken),
)
"""Handled in the transaction that writes the facts."""
