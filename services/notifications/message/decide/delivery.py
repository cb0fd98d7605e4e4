"""From release to delivery: what the provider says, again and on another channel where it fails; what comes back."""

from datetime import datetime, timedelta

from backbone.model import Decision, Given, Refused, Table, by, ignores, like
from schemas.notifications.v1.codes import Channel
from schemas.notifications.v1.message import (
    ContactRecorded,
    MessageDelivered,
    MessageFailed,
    MessageReplied,
    MessageSent,
    ToldWith,
)
from services.notifications.message.commands import (
    HandedOver,
    NotAccepted,
    NoteDelivery,
    NotePosted,
    NoteSilence,
    NoteUnsent,
    RecordContact,
    TakeReply,
)
from services.notifications.message.decide.checks import channel_for, of
from services.notifications.message.facts import DeliveryUnknown, MessageToRetry
from services.notifications.message.states import (
    Delivered,
    NoMessage,
    Over,
    Planned,
    Scheduled,
    Sending,
    Sent,
    Unasked,
    Unsent,
)
from services.notifications.roles import STAFF
from services.notifications.rules import Rules


def hand_over(state: Sending, command: HandedOver, given: Given[Rules]) -> Decision:
    if command.attempt != state.attempts:
        return ()
    return [sent(state, given), *([delivered(state, given)] if command.delivered else [])]


def sent(state: Sending, given: Given[Rules]) -> MessageSent:
    return of(MessageSent, state.letter, given, channel=state.channel, attempt=state.attempts)


def delivered(state: Sending | Sent, given: Given[Rules]) -> MessageDelivered:
    """With every date that it told of (SCH-06)."""
    also = tuple(like(ToldWith, each) for each in state.also) or None
    return of(MessageDelivered, state.letter, given, channel=state.channel, also=also)


def deliver_early(state: Sending, command: NoteDelivery, given: Given[Rules]) -> Decision:
    """The provider's word on the delivery came before its answer to the call."""
    return [sent(state, given), delivered(state, given)] if command.attempt == state.attempts else ()


def deliver(state: Sent, command: NoteDelivery, given: Given[Rules]) -> Decision:
    return [delivered(state, given)] if command.attempt == state.attempts else ()


@by(STAFF)
def post(state: Sent, command: NotePosted, given: Given[Rules]) -> Decision:
    """Of a letter; whether anything else arrived, its provider says."""
    if state.channel != "post":
        return Refused(f"it went by {state.channel}, not by post", code="not-by-post")
    return [delivered(state, given)]


@by(STAFF)
def post_again(state: Delivered, command: NotePosted, given: Given[Rules]) -> Decision:
    return () if state.channel == "post" else Refused(f"it went by {state.channel}", code="not-by-post")


def fail(state: Sending | Sent, command: NotAccepted, given: Given[Rules]) -> Decision:
    """NOT-06: the same channel again, then the next one, then a person. A page is followed by the ladder instead."""
    if command.attempt != state.attempts:
        return ()
    limits = given.rules.notifications.attempts.values
    if state.tried < limits.per_channel and state.letter.only is None:
        at = given.at + timedelta(minutes=limits.minutes_apart)
        return [to_retry(state, command, at, exhausted=False)]
    failed = (*state.failed, state.channel)
    if channel_for(state.letter, failed, given):
        return [to_retry(state, command, given.at, exhausted=True)]
    return [failure(state, failed, given)]


def to_retry(state: Sending | Sent, command: NotAccepted, at: datetime, *, exhausted: bool) -> MessageToRetry:
    return MessageToRetry(send_at=at, channel=state.channel, exhausted=exhausted, reason=command.reason)


def failure(
    state: Sending | Sent | Delivered, channels: tuple[Channel, ...], given: Given[Rules]
) -> MessageFailed:
    return of(MessageFailed, state.letter, given, channels=channels)


def bounce(state: Delivered, command: NotAccepted, given: Given[Rules]) -> Decision:
    """Accepted, and sent back later."""
    return [failure(state, (state.channel,), given)]


def wonder(state: Sent, command: NoteSilence, given: Given[Rules]) -> Decision:
    """Counts as not delivered (ATT-07)."""
    return [DeliveryUnknown()]


def give_up(state: Sending, command: NoteUnsent, given: Given[Rules]) -> Decision:
    """NOT-11: whatever keeps it from going keeps it from going another way. A person says it."""
    return [failure(state, (*state.failed, state.channel), given)]


def take_reply(state: Planned, command: TakeReply, given: Given[Rules]) -> Decision:
    """Whatever is known of it: what a gateway calls undelivered may have been seen."""
    return [of(MessageReplied, state.letter, given, reply=command.reply, severity=command.severity)]


def take_unasked(state: NoMessage | Unasked, command: TakeReply, given: Given[Rules]) -> Decision:
    """It is about nothing but the patient."""
    return [like(MessageReplied, command, message_id=given.target, subject_id=given.about or given.target)]


@by(STAFF)
def record_contact(state: Unasked | Planned, command: RecordContact, given: Given[Rules]) -> Decision:
    return [ContactRecorded(message_id=given.target, result=command.result)]


DELIVERY = Table(
    *(hand_over, deliver, deliver_early, post, post_again, fail, bounce, wonder, give_up, record_contact),
    *(take_reply, take_unasked),
    ignores(HandedOver, when=Scheduled | Sent | Over),  # the word on the delivery was quicker than the answer
    ignores(NoteDelivery, when=Scheduled | Over),
    ignores(NotAccepted, when=Scheduled | Unsent),
)
