"""What each fact of a message makes of it."""

from msgspec.structs import replace

from backbone.model import Head, Table, like, updated
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
    MessageLeftUnsaid,
    MessageLookedFor,
    MessageReleased,
    MessageToRetry,
)
from services.notifications.message.states import (
    Cancelled,
    Delivered,
    Failed,
    KeptBack,
    Letter,
    NoMessage,
    Planned,
    Scheduled,
    Sending,
    Sent,
    Suppressed,
    Told,
    Unasked,
)


def scheduled(state: NoMessage | KeptBack, fact: MessageScheduled, head: Head) -> Scheduled:
    """To whom, follows in the same decision. Attempts are counted on."""
    letter = like(Letter, fact, recipient_id="", planned_at=fact.send_at)
    attempts = 0 if isinstance(state, NoMessage) else state.attempts
    return like(Scheduled, fact, letter=letter, since=head.occurred_at, attempts=attempts)


def described(state: Scheduled, fact: MessageDescribed, head: Head) -> Scheduled:
    return replace(state, letter=updated(state.letter, fact))


def looked_for(state: Scheduled, fact: MessageLookedFor, head: Head) -> Scheduled:
    return updated(state, fact)


def deferred(state: Scheduled, fact: MessageDeferred, head: Head) -> Scheduled:
    return updated(state, fact, deferred=state.deferred + 1)


def released(state: Scheduled, fact: MessageReleased, head: Head) -> Sending:
    tried = state.tried + 1 if fact.channel == state.channel else 1
    also = tuple(like(Told, each) for each in fact.also or ())
    more = {"attempts": fact.attempt, "tried": tried, "failed": state.failed, "also": also}
    return like(Sending, fact, letter=state.letter, since=head.occurred_at, **more)


def sent(state: Sending, fact: MessageSent, head: Head) -> Sent:
    return like(Sent, state, sent_at=head.occurred_at)


def delivered(state: Sent, fact: MessageDelivered, head: Head) -> Delivered:
    return like(Delivered, state)


def to_retry(state: Sending | Sent, fact: MessageToRetry, head: Head) -> Scheduled:
    failed = (*state.failed, fact.channel) if fact.exhausted else state.failed
    return like(Scheduled, state, send_at=fact.send_at, since=head.occurred_at, failed=failed)


def failed(state: Sending | Sent | Delivered, fact: MessageFailed, head: Head) -> Failed:
    return like(Failed, fact, letter=state.letter, attempts=state.attempts)


def unknown(state: Sent, fact: DeliveryUnknown, head: Head) -> Sent:
    return replace(state, delivery_unknown=True)


def suppressed(state: Scheduled, fact: MessageSuppressed, head: Head) -> Suppressed:
    return like(Suppressed, fact, letter=state.letter, attempts=state.attempts)


def left_unsaid(state: Suppressed, fact: MessageLeftUnsaid, head: Head) -> Suppressed:
    return updated(state, fact)


def cancelled(state: Scheduled | KeptBack, fact: MessageCancelled, head: Head) -> Cancelled:
    return like(Cancelled, fact, letter=state.letter)


def unasked(state: NoMessage, fact: MessageReplied, head: Head) -> Unasked:
    return Unasked()


def as_it_was(
    state: Unasked | Planned, fact: MessageReplied | ContactRecorded, head: Head
) -> Unasked | Planned:
    return state


EVOLVE = Table(
    *(scheduled, described, looked_for, deferred, released, sent, delivered, to_retry, failed, unknown),
    *(suppressed, left_unsaid, cancelled, unasked, as_it_was),
)
