"""A message's states: `scheduled → sending → sent → delivered`, or one of the other ends."""

from datetime import date, datetime

import msgspec

from backbone.model import State
from schemas.notifications.v1.codes import Channel, Template


class Letter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the message is. `recipient_id`: a patient, an organisation or a member of staff. `start`, `location`: of the
    date that it is about."""

    template: Template
    recipient_id: str
    subject_id: str
    subject_version: int | None = None
    planned_at: datetime
    start: datetime | None = None
    location: str | None = None
    by: date | None = None
    """A local date by which something is asked."""
    only: Channel | None = None
    """By this channel or not at all: another message goes by the others at the same time."""
    code: str | None = None
    """What a reply names."""
    changes: datetime | None = None
    """The first date that is not as it was, where that is what it says."""
    own: bool = False
    """It says what the patient did themselves."""


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """Another date that it tells of, as it is when the message goes."""

    appointment_id: str
    version: int
    referral_id: str | None = None


class NoMessage(State, tag="none"):
    """Nobody planned it."""


class Unasked(State, tag="unasked"):
    """Nobody wrote to the patient, who wrote to us all the same: what they wrote is answered here."""


class Scheduled(State, tag="scheduled"):
    """`looks`: how often its contact was looked for. `tried`: attempts so far. `failed`: channels given up."""

    letter: Letter
    channel: Channel
    send_at: datetime
    since: datetime
    looks: int = 0
    deferred: int = 0
    attempts: int = 0
    tried: int = 0
    failed: tuple[Channel, ...] = ()


class Sending(State, tag="sending"):
    """`attempts` of all channels, `tried` of this one. `since`: unknown of what an earlier release let go."""

    letter: Letter
    channel: Channel
    attempts: int
    tried: int
    text_ref: str
    contact_ref: str | None = None
    failed: tuple[Channel, ...] = ()
    since: datetime | None = None
    also: tuple[Told, ...] = ()


class Sent(State, tag="sent"):
    letter: Letter
    channel: Channel
    attempts: int
    tried: int
    text_ref: str
    sent_at: datetime
    failed: tuple[Channel, ...] = ()
    delivery_unknown: bool = False
    also: tuple[Told, ...] = ()


class Delivered(State, tag="delivered"):
    letter: Letter
    channel: Channel
    text_ref: str
    sent_at: datetime
    attempts: int = 0


class Suppressed(State, tag="suppressed"):
    """`text_ref`: what it would have said, for whoever says it instead."""

    letter: Letter
    reason: str
    text_ref: str | None = None
    attempts: int = 0


class Cancelled(State, tag="cancelled"):
    letter: Letter
    reason: str


class Failed(State, tag="failed"):
    letter: Letter
    channels: tuple[Channel, ...]
    attempts: int = 0


KeptBack = Suppressed | Failed
"""It did not reach anybody."""
Unsent = Suppressed | Cancelled | Failed
Over = Delivered | Unsent
Planned = Scheduled | Sending | Sent | Over
Message = NoMessage | Unasked | Planned
