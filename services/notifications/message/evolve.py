"""What each fact of a message makes of it."""

from msgspec.structs import replace

from backbone.model import Head, Table
from schemas.notifications.v1.message import (
    ContactRecorded,
    MessageCancelled,
    MessageDelivered,
    MessageFailed,
    MessageReplied,
    MessageScheduled,
    MessageSent,
    MessageSuppressed,
)
from services.notifications.message.facts import (
    DeliveryUnknown,
    MessageDeferred,
    MessageDescribed,
    MessageLookedFor,
    MessageReleased,
    MessageToRetry,
)
from services.notifications.message.states import (
    AnyMessage,
    Cancelled,
    Delivered,
    Failed,
    Letter,
    NoMessage,
    Scheduled,
    Sending,
    Sent,
    Suppressed,
)


def scheduled(state: NoMessage, fact: MessageScheduled, head: Head) -> Scheduled:
    letter = Letter(
        template=fact.template,
        recipient_id="",
        subject_id=fact.subject_id,
        subject_version=fact.subject_version,
        planned_at=fact.send_at,
    )
    return Scheduled(letter=letter, channel=fact.channel, send_at=fact.send_at, since=head.occurred_at)


def described(state: Scheduled, fact: MessageDescribed, head: Head) -> Scheduled:
    letter = replace(
        state.letter, recipient_id=fact.recipient_id, start=fact.start, location=fact.location, by=fact.by
    )
    return replace(state, letter=letter)


def looked_for(state: Scheduled, fact: MessageLookedFor, head: Head) -> Scheduled:
    return replace(state, looks=fact.looks)


def deferred(state: Scheduled, fact: MessageDeferred, head: Head) -> Scheduled:
    return replace(state, send_at=fact.send_at, deferred=state.deferred + 1)


def released(state: Scheduled, fact: MessageReleased, head: Head) -> Sending:
    same = fact.channel == state.channel
    return Sending(
        letter=state.letter,
        channel=fact.channel,
        attempts=fact.attempt,
        tried=state.tried + 1 if same else 1,
        text_ref=fact.text_ref,
        contact_ref=fact.contact_ref,
        failed=state.failed,
    )


def sent(state: Sending, fact: MessageSent, head: Head) -> Sent:
    return Sent(
        letter=state.letter,
        channel=state.channel,
        attempts=state.attempts,
        tried=state.tried,
        text_ref=state.text_ref,
        sent_at=head.occurred_at,
        failed=state.failed,
    )


def delivered(state: Sent, fact: MessageDelivered, head: Head) -> Delivered:
    return Delivered(
        letter=state.letter, channel=state.channel, text_ref=state.text_ref, sent_at=state.sent_at
    )


def to_retry(state: Sending | Sent, fact: MessageToRetry, head: Head) -> Scheduled:
    return Scheduled(
        letter=state.letter,
        channel=state.channel,
        send_at=fact.send_at,
        since=head.occurred_at,
        attempts=state.attempts,
        tried=state.tried,
        failed=(*state.failed, fact.channel) if fact.exhausted else state.failed,
    )


def failed(state: Sending | Sent | Delivered, fact: MessageFailed, head: Head) -> Failed:
    return Failed(letter=state.letter, channels=fact.channels)


def unknown(state: Sent, fact: DeliveryUnknown, head: Head) -> Sent:
    return replace(state, delivery_unknown=True)


def suppressed(state: Scheduled, fact: MessageSuppressed, head: Head) -> Suppressed:
    return Suppressed(letter=state.letter, reason=fact.reason)


def cancelled(state: Scheduled, fact: MessageCancelled, head: Head) -> Cancelled:
    return Cancelled(letter=state.letter, reason=fact.reason)


def replied(state: AnyMessage, fact: MessageReplied, head: Head) -> AnyMessage:
    return state


def spoken(state: AnyMessage, fact: ContactRecorded, head: Head) -> AnyMessage:
    return state


EVOLVE = Table(
    *(scheduled, described, looked_for, deferred, released, sent, delivered, to_retry, failed, unknown),
    *(suppressed, cancelled, replied, spoken),
)
