"""Private facts of a message: what nobody outside needs to know."""

from typing import Literal

from schemas.fact import Code, Day, Id, Instant, PrivateFact
from schemas.notifications.v1.codes import Channel
from schemas.notifications.v1.message import ToldWith
from services.notifications.templates.content import AnyTemplate


class MessageDescribed(PrivateFact):
    """What the public fact must not say: to whom, and about which date."""

    type: Literal["notifications.message_described.v1"] = "notifications.message_described.v1"
    recipient_id: Id
    start: Instant | None = None
    location: Code | None = None
    by: Day | None = None
    only: Channel | None = None
    code: Code | None = None
    changes: Instant | None = None
    own: bool = False


class MessageLeftUnsaid(PrivateFact):
    """What a message that is not sent would have said."""

    type: Literal["notifications.message_left_unsaid.v1"] = "notifications.message_left_unsaid.v1"
    text_ref: Id


class MessageReleased(PrivateFact):
    """All checks passed: it goes to the provider now. `text_ref`: what it says."""

    type: Literal["notifications.message_released.v1"] = "notifications.message_released.v1"
    message_id: Id
    template: AnyTemplate
    channel: Channel
    attempt: int
    text_ref: Id
    contact_ref: Id | None = None
    also: tuple[ToldWith, ...] | None = None


class MessageLookedFor(PrivateFact):
    """No contact yet: it waits (NOT-17)."""

    type: Literal["notifications.message_looked_for.v1"] = "notifications.message_looked_for.v1"
    looks: int


class MessageDeferred(PrivateFact):
    """Later: quiet hours (NOT-02), or the cap that `reason` names (NOT-12)."""

    type: Literal["notifications.message_deferred.v1"] = "notifications.message_deferred.v1"
    send_at: Instant
    reason: Code | None = None


class MessageToRetry(PrivateFact):
    """The provider did not take or deliver it (NOT-06)."""

    type: Literal["notifications.message_to_retry.v1"] = "notifications.message_to_retry.v1"
    send_at: Instant
    channel: Channel
    exhausted: bool
    reason: str | None = None
    """What the provider said."""


class DeliveryUnknown(PrivateFact):
    """Nobody said for a day whether it arrived."""

    type: Literal["notifications.delivery_unknown.v1"] = "notifications.delivery_unknown.v1"
