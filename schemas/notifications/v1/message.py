"""Facts of a message, from plan to delivery. What it says and to which address stands in no fact."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from schemas.codes import Severity
from schemas.fact import FEW, MANY, Count, Fact, Id, Instant, Part, sensitivity
from schemas.notifications.v1.codes import (
    Channel,
    ContactResult,
    MessageAudience,
    MessageClass,
    MessageReason,
    Reply,
    Suppression,
    Template,
)


class MessageFact(Fact):
    """What every fact of this aggregate is."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    aggregate: ClassVar[str] = "message"


class MessageScheduled(MessageFact):
    """Planned."""

    type: Literal["notifications.message_scheduled.v1"] = "notifications.message_scheduled.v1"
    message_id: Id
    template: Template
    message_class: Annotated[MessageClass, Field(validation_alias="class", serialization_alias="class")]
    audience: MessageAudience
    subject_id: Id
    subject_version: Count | None = None
    send_at: Instant
    channel: Channel


class MessageSent(MessageFact):
    """Handed over."""

    type: Literal["notifications.message_sent.v1"] = "notifications.message_sent.v1"
    message_id: Id
    template: Template
    channel: Channel
    attempt: Count


class ToldWith(Part):
    """Another date that the same message told of: which one, and as it was then."""

    appointment_id: Id
    version: Count
    referral_id: Id | None = None


class MessageDelivered(MessageFact):
    """Confirmed. `also`: the other dates that it told of, of a day or of a week."""

    type: Literal["notifications.message_delivered.v1"] = "notifications.message_delivered.v1"
    message_id: Id
    template: Template
    subject_id: Id
    subject_version: Count | None = None
    channel: Channel | None = None
    """What only stands in the portal was not pushed."""
    also: Annotated[tuple[ToldWith, ...] | None, MANY] = None


class MessageSuppressed(MessageFact):
    """A check failed: it is not sent."""

    type: Literal["notifications.message_suppressed.v1"] = "notifications.message_suppressed.v1"
    message_id: Id
    template: Template
    reason: Suppression
    message_class: Annotated[MessageClass, Field(validation_alias="class", serialization_alias="class")]
    subject_id: Id | None = None
    start: Instant | None = None
    """Of the date that it is about."""


class MessageCancelled(MessageFact):
    """Overtaken by a fact, or cancelled by hand."""

    type: Literal["notifications.message_cancelled.v1"] = "notifications.message_cancelled.v1"
    message_id: Id
    template: Template
    reason: MessageReason


class MessageFailed(MessageFact):
    """All attempts on all channels failed."""

    type: Literal["notifications.message_failed.v1"] = "notifications.message_failed.v1"
    message_id: Id
    template: Template
    channels: Annotated[tuple[Channel, ...], FEW]
    subject_id: Id
    start: Instant | None = None
    """Of the date that it is about."""


class MessageReplied(MessageFact):
    """The patient answers. The text of an `unknown` reply stays here. `severity`: they may be in danger."""

    type: Literal["notifications.message_replied.v1"] = "notifications.message_replied.v1"
    message_id: Id
    reply: Reply
    subject_id: Id
    subject_version: Count | None = None
    severity: Annotated[Severity | None, sensitivity("psy")] = None
    start: Instant | None = None
    """Of the date that it is about."""


class ContactRecorded(MessageFact):
    """Staff reached the patient another way."""

    type: Literal["notifications.contact_recorded.v1"] = "notifications.contact_recorded.v1"
    message_id: Id | None = None
    result: ContactResult
