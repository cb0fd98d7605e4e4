"""What may be done with a message, by the clock, by providers and by people."""

from datetime import datetime

from backbone.model import Command
from schemas.codes import Severity
from schemas.notifications.v1.codes import ContactResult, MessageReason, Reply
from services.notifications.message.states import Letter


class ScheduleMessage(Command, tag="schedule_message", kw_only=True):
    letter: Letter


class SayAfterAll(Command, tag="say_after_all", kw_only=True):
    """It did not reach the patient, who can be reached now."""

    send_at: datetime


class SayToPractice(Command, tag="say_to_practice", kw_only=True):
    """The practice said how it is reached, perhaps anew."""


class TrySend(Command, tag="try_send", kw_only=True):
    """The time has come: all checks run again (NOT-09)."""


class HandedOver(Command, tag="handed_over", kw_only=True):
    """The provider took it; what it knows of the delivery already."""

    attempt: int
    delivered: bool = False


class NotAccepted(Command, tag="not_accepted", kw_only=True):
    """The provider refused it, or said later that it did not arrive."""

    attempt: int
    reason: str


class NoteDelivery(Command, tag="note_delivery", kw_only=True):
    """The provider says that it arrived."""

    attempt: int


class NotePosted(Command, tag="note_posted"):
    """Staff have put the letter in the post."""


class NoteSilence(Command, tag="note_silence", kw_only=True):
    """Nobody said for a day whether it arrived."""


class NoteUnsent(Command, tag="note_unsent", kw_only=True):
    """It has not gone, for longer than it would be of use."""


class CancelMessage(Command, tag="cancel_message", kw_only=True):
    """Overtaken by a fact."""

    reason: MessageReason


class CancelByHand(Command, tag="cancel_by_hand", kw_only=True):
    """By staff, who know better."""

    reason: MessageReason


class TakeReply(Command, tag="take_reply", kw_only=True):
    """The patient wrote back; or wrote, and nobody had written to them."""

    reply: Reply
    severity: Severity | None = None


class RecordContact(Command, tag="record_contact", kw_only=True):
    """Staff reached the patient another way, or tried to."""

    result: ContactResult
