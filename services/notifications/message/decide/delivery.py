"""From release to delivery: what the provider says, again and on another channel where it fails; what comes back."""

from datetime import timedelta

from backbone.model import Decision, Given, Table, by
from schemas.notifications.v1.codes import Channel
from schemas.notifications.v1.message import (
    ContactRecorded,
    MessageDelivered,
    MessageFailed,
    MessageReplied,
    MessageSent,
)
from services.notifications.contact.aggregate import NoContact
from services.notifications.message.decide.checks import channel_for, channels_of
from services.notifications.message.decide.release import contact_of
from services.notifications.message.facts import DeliveryUnknown, MessageToRetry
from services.notifications.message.states import (
    AnyMessage,
    Cancelled,
    Delivered,
    Failed,
    HandedOver,
    NotAccepted,
    NoteDelivery,
    NoteSilence,
    RecordContact,
    Scheduled,
    Sending,
    Sent,
    Suppressed,
    TakeReply,
)
from services.notifications.roles import STAFF
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS


def hand_over(state: Sending, command: HandedOver, given: Given[Rules]) -> Decision:
    if command.attempt != state.attempts:
        return ()
    return [sent(state, given), *([delivered(state, given)] if command.delivered else [])]


def sent(state: Sending, given: Given[Rules]) -> MessageSent:
    return MessageSent(
        message_id=given.target,
        template=state.letter.template,
        channel=state.channel,
        attempt=state.attempts,
    )


def delivered(state: Sending | Sent, given: Given[Rules]) -> MessageDelivered:
    return MessageDelivered(
        message_id=given.target,
        template=state.letter.template,
        subject_id=state.letter.subject_id,
        subject_version=state.letter.subject_version,
    )


def hand_over_again(
    state: Scheduled | Sent | Delivered | Suppressed | Cancelled | Failed,
    command: HandedOver,
    given: Given[Rules],
) -> Decision:
    """The provider's word on the delivery came before its answer to the call."""
    return ()


def deliver_early(state: Sending, command: NoteDelivery, given: Given[Rules]) -> Decision:
    if command.attempt != state.attempts:
        return ()
    return [sent(state, given), delivered(state, given)]


def deliver(state: Sent, command: NoteDelivery, given: Given[Rules]) -> Decision:
    return [delivered(state, given)] if command.attempt == state.attempts else ()


def deliver_again(
    state: Scheduled | Delivered | Suppressed | Cancelled | Failed, command: NoteDelivery, given: Given[Rules]
) -> Decision:
    return ()


def fail(state: Sending | Sent, command: NotAccepted, given: Given[Rules]) -> Decision:
    """NOT-06: the same channel again, then the next one, then a person."""
    if command.attempt != state.attempts:
        return ()
    limits = given.rules.notifications.attempts.values
    if state.tried < limits.per_channel:
        at = given.at + timedelta(minutes=limits.minutes_apart)
        return [MessageToRetry(send_at=at, channel=state.channel, exhausted=False)]
    failed = (*state.failed, state.channel)
    if has_another(state, failed, given):
        return [MessageToRetry(send_at=given.at, channel=state.channel, exhausted=True)]
    return [failure(state, failed, given)]


def has_another(state: Sending | Sent, failed: tuple[Channel, ...], given: Given[Rules]) -> bool:
    letter = state.letter
    contact, audience = contact_of(letter, given), KINDS[letter.template].audience
    if audience == "pt":
        agenda = given.others[letter.recipient_id]
        return channel_for(agenda, contact or NoContact(), failed, given.rules) is not None
    return any(each not in failed for each in channels_of(contact))


def failure(
    state: Sending | Sent | Delivered, channels: tuple[Channel, ...], given: Given[Rules]
) -> MessageFailed:
    return MessageFailed(
        message_id=given.target,
        template=state.letter.template,
        channels=channels,
        subject_id=state.letter.subject_id,
    )


def bounce(state: Delivered, command: NotAccepted, given: Given[Rules]) -> Decision:
    """Accepted, and sent back later."""
    return [failure(state, (state.channel,), given)]


def fail_again(
    state: Scheduled | Suppressed | Cancelled | Failed, command: NotAccepted, given: Given[Rules]
) -> Decision:
    return ()


def wonder(state: Sent, command: NoteSilence, given: Given[Rules]) -> Decision:
    """Counts as not delivered (ATT-07)."""
    return [DeliveryUnknown()]


def take_reply(state: Sending | Sent | Delivered, command: TakeReply, given: Given[Rules]) -> Decision:
    return [
        MessageReplied(
            message_id=given.target,
            reply=command.reply,
            subject_id=state.letter.subject_id,
            subject_version=state.letter.subject_version,
        )
    ]


def take_other_reply(
    state: Scheduled | Suppressed | Cancelled | Failed, command: TakeReply, given: Given[Rules]
) -> Decision:
    return ()


@by(STAFF)
def record_contact(state: AnyMessage, command: RecordContact, given: Given[Rules]) -> Decision:
    return [ContactRecorded(message_id=given.target, result=command.result)]


DELIVERING = Table(
    *(hand_over, hand_over_again, deliver, deliver_early, deliver_again, fail, fail_again, bounce),
    *(wonder, take_reply, take_other_reply, record_contact),
)
