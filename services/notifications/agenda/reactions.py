"""Consents, and messages that were not sent → what plans and caps of a patient take into account. Pure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from schemas.notifications.v1.message import MessageCancelled, MessageFailed, MessageSuppressed
from schemas.referral.v1.patient import MergeUndone, PatientsMerged
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import CountPush, JoinPerson, NoteConsent, NoteOver, PartPerson
from services.notifications.agenda.facts import ConsentNoted, MessagePushed
from services.notifications.rules import Rules


def note_consent(event: Event[ConsentRecorded | ConsentWithdrawn], rules: Rules) -> Orders:
    if event.head.lane_key:
        command = like(NoteConsent, event.fact, given=isinstance(event.fact, ConsentRecorded))
        yield AGENDA.send(command, to=one(event.head.lane_key))


def note_over(event: Event[MessageSuppressed | MessageCancelled | MessageFailed], rules: Rules) -> Orders:
    """It takes no place under the cap any more."""
    if event.head.lane_key:
        yield AGENDA.send(like(NoteOver, event.fact), to=one(event.head.lane_key))


def share_consent(event: Event[ConsentNoted], rules: Rules) -> Orders:
    for other in event.fact.also:
        yield AGENDA.send(like(NoteConsent, event.fact), to=one(other))


def share_push(event: Event[MessagePushed], rules: Rules) -> Orders:
    fact = event.fact
    if fact.template:
        for other in fact.also:
            yield AGENDA.send(like(CountPush, fact, template=fact.template), to=one(other))


def join_person(event: Event[PatientsMerged], rules: Rules) -> Orders:
    """Told under both keys: each record learns of the other."""
    me = event.head.aggregate_id
    for other in {event.fact.surviving_id, event.fact.merged_id} - {me}:
        yield AGENDA.send(JoinPerson(other_id=other), to=one(me))


def part_person(event: Event[MergeUndone], rules: Rules) -> Orders:
    me = event.head.aggregate_id
    for other in {event.fact.surviving_id, event.fact.restored_id} - {me}:
        yield AGENDA.send(PartPerson(other_id=other), to=one(me))


REACTIONS: tuple[On, ...] = (on(PatientsMerged, join_person), on(MergeUndone, part_person))

OWN: tuple[On, ...] = (
    on(ConsentNoted, share_consent),
    on(MessagePushed, share_push),
    on(ConsentRecorded, note_consent),
    on(ConsentWithdrawn, note_consent),
    on(MessageSuppressed, note_over),
    on(MessageCancelled, note_over),
    on(MessageFailed, note_over),
)
"""Handled in the transaction that writes the facts."""
