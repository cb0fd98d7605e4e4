"""Facts of this service → what is done with a message, in the transaction that writes them. Pure."""

from backbone.model import Event, On, Orders, like, on, one, together
from schemas.notifications.v1.message import MessageScheduled
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import NoteOver, NotePushed
from services.notifications.agenda.facts import (
    MessageUnwanted,
    MessageWanted,
    MessageWantedAgain,
    TextAnswered,
)
from services.notifications.circle.facts import ProfessionalTold
from services.notifications.message.aggregate import BY_PROVIDER, MESSAGE
from services.notifications.message.commands import (
    CancelMessage,
    HandedOver,
    SayAfterAll,
    ScheduleMessage,
    TakeReply,
    TrySend,
)
from services.notifications.message.facts import MessageReleased
from services.notifications.message.states import Letter
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS


def schedule(event: Event[MessageWanted], rules: Rules) -> Orders:
    fact = event.fact
    letter = like(Letter, fact, recipient_id=event.head.aggregate_id, planned_at=fact.send_at, by=fact.day)
    send = MESSAGE.send(ScheduleMessage(letter=letter), to=one(fact.message_id))
    yield together(send, pathway=one(fact.referral_id) if fact.referral_id else None)


def schedule_professional(event: Event[ProfessionalTold], rules: Rules) -> Orders:
    letter = like(Letter, event.fact, planned_at=event.fact.send_at)
    yield MESSAGE.send(ScheduleMessage(letter=letter), to=one(event.fact.message_id))


def send_now(event: Event[MessageScheduled], rules: Rules) -> Orders:
    """What is due goes at once; anything else has its timer."""
    if event.fact.send_at <= event.head.occurred_at:
        yield MESSAGE.send(TrySend(), to=one(event.fact.message_id))


def say_after_all(event: Event[MessageWantedAgain], rules: Rules) -> Orders:
    yield MESSAGE.send(like(SayAfterAll, event.fact), to=one(event.fact.message_id))


def cancel(event: Event[MessageUnwanted], rules: Rules) -> Orders:
    yield MESSAGE.send(like(CancelMessage, event.fact), to=one(event.fact.message_id))


def note_gone(event: Event[MessageReleased], rules: Rules) -> Orders:
    """To a patient: nothing is added to it any more. What is pushed counts against the caps (NOT-13)."""
    fact, patient_id = event.fact, event.head.lane_key
    if patient_id and KINDS[fact.template].audience == "pt":
        pushed = like(NotePushed, fact, patient_id=patient_id, at=event.head.occurred_at)
        command = pushed if fact.channel in BY_PROVIDER else like(NoteOver, fact)
        yield AGENDA.send(command, to=one(patient_id))


def hand_over(event: Event[MessageReleased], rules: Rules) -> Orders:
    """The portal has it at once; the post takes its time."""
    fact = event.fact
    if fact.channel not in BY_PROVIDER:
        handed = HandedOver(attempt=fact.attempt, delivered=fact.channel == "portal")
        yield MESSAGE.send(handed, to=one(fact.message_id))


def take_reply(event: Event[TextAnswered], rules: Rules) -> Orders:
    """The answer belongs to the message. Before texts without one were read, a fact could name none."""
    if event.fact.message_id:
        send = MESSAGE.send(like(TakeReply, event.fact), to=one(event.fact.message_id))
        yield together(send, about=one(event.head.aggregate_id))


OWN: tuple[On, ...] = (
    on(MessageWanted, schedule),
    on(ProfessionalTold, schedule_professional),
    on(MessageScheduled, send_now),
    on(MessageWantedAgain, say_after_all),
    on(MessageUnwanted, cancel),
    on(MessageReleased, note_gone, hand_over),
    on(TextAnswered, take_reply),
)
"""Handled in the transaction that writes the facts."""
