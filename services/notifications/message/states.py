"""A message's states and commands. `scheduled → sending → sent → delivered`, or one of the other ends."""

from datetime import date, datetime

import msgspec

from backbone.model import Command, State
from schemas.notifications.v1.codes import Channel, Reply, Template


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


class NoMessage(State, tag="none", frozen=True, kw_only=True):
    pass


class Scheduled(State, tag="scheduled", frozen=True, kw_only=True):
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


class Sending(State, tag="sending", frozen=True, kw_only=True):
    """`attempts` of all channels, `tried` of this one."""

    letter: Letter
    channel: Channel
    attempts: int
    tried: int
    text_ref: str
    contact_ref: str | None = None
    failed: tuple[Channel, ...] = ()


class Sent(State, tag="sent", frozen=True, kw_only=True):
    letter: Letter
    channel: Channel
    attempts: int
    tried: int
    text_ref: str
    sent_at: datetime
    failed: tuple[Channel, ...] = ()
    delivery_unknown: bool = False


class Delivered(State, tag="delivered", frozen=True, kw_only=True):
    letter: Letter
    channel: Channel
    text_ref: str
    sent_at: datetime


class Suppressed(State, tag="suppressed", frozen=True, kw_only=True):
    letter: Letter
    reason: str


class Cancelled(State, tag="cancelled", frozen=True, kw_only=True):
    letter: Letter
    reason: str


class Failed(State, tag="failed", frozen=True, kw_only=True):
    letter: Letter
    channels: tuple[Channel, ...]


AnyMessage = Scheduled | Sending | Sent | Delivered | Suppressed | Cancelled | Failed
Over = Delivered | Suppressed | Cancelled | Failed


class ScheduleMessage(Command, tag="schedule_message", frozen=True, kw_only=True):
    letter: Letter


class TrySend(Command, tag="try_send", frozen=True, kw_only=True):
    """The time has come: all checks run again (NOT-09)."""


class HandedOver(Command, tag="handed_over", frozen=True, kw_only=True):
    """The provider took it; what it knows of the delivery already."""

    attempt: int
    delivered: bool = False


class NotAccepted(Command, tag="not_accepted", frozen=True, kw_only=True):
    """The provider refused it, or said later that it did not arrive."""

    attempt: int
    reason: str


class NoteDelivery(Command, tag="note_delivery", frozen=True, kw_only=True):
    """The provider says that it arrived."""

    attempt: int


class NoteSilence(Command, tag="note_silence", frozen=True, kw_only=True):
    """Nobody said for a day whether it arrived."""


class CancelMessage(Command, tag="cancel_message", frozen=True, kw_only=True):
    """Overtaken by a fact."""

    reason: str


class CancelByHand(Command, tag="cancel_by_hand", frozen=True, kw_only=True):
    reason: str


class TakeReply(Command, tag="take_reply", frozen=True, kw_only=True):
    reply: Reply


class RecordContact(Command, tag="record_contact", frozen=True, kw_only=True):
    """Staff reached the patient another way, or tried to."""

    result: str
