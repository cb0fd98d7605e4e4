"""What a patient's agenda is told."""

from datetime import date, datetime
from typing import Literal

import msgspec

from backbone.model import Command
from schemas.notifications.v1.codes import Channel, Template
from services.notifications.agenda.states import Visit

Scope = Literal["subject", "referral", "patient"]


class Source(msgspec.Struct, frozen=True):
    """The thing elsewhere that a fact is about, the fact's number in its life, and when it happened."""

    id: str
    sequence: int
    at: datetime | None = None


class Hear(Command, tag="hear", kw_only=True):
    """A fact about the patient. First what is planned about the subject ends if the fact `ends` it, or every reminder
    in a wider `scope`; then the date is noted, then the messages are planned."""

    patient_id: str
    referral_id: str | None = None
    source: Source
    subject_id: str
    subject_version: int | None = None
    ends: str | None = None
    scope: Scope = "subject"
    only: Template | None = None
    """Only messages of this template end."""
    visit: Visit | None = None
    moved_to: datetime | None = None
    """Of a known date."""
    location: str | None = None
    """Where it is after the move."""
    depends_on: str | None = None
    """A visit: when it is cancelled, what is planned about the subject ends too."""
    due_on: date | None = None
    own: bool = False
    """The patient did it themselves."""
    says: tuple[Template, ...] = ()


class TakeOver(Command, tag="take_over", kw_only=True):
    """What was said and sent under another record of the person holds for this one too."""

    other_id: str


class CountPush(Command, tag="count_push", kw_only=True):
    """A message left for the same phone under another record of the person."""

    message_id: str
    template: Template
    on: date


class NoteDeath(Command, tag="end_agenda", kw_only=True):
    """The patient died: nothing is sent any more, for good (NOT-14), unless they live after all."""


class NoteLife(Command, tag="resume_agenda", kw_only=True):
    """They did not die: what is said from now on is said again."""


class NoteConsent(Command, tag="note_consent", kw_only=True):
    patient_id: str
    channel: Channel
    given: bool


class NotePushed(Command, tag="note_pushed", kw_only=True):
    """It left for the patient's phone or mailbox."""

    patient_id: str
    message_id: str
    channel: Channel
    at: datetime


class NoteOver(Command, tag="note_over", kw_only=True):
    """It was suppressed, cancelled or failed; or it stands in the portal. `kept_back`: why it did not reach
    a patient who is still to be told."""

    message_id: str
    kept_back: str | None = None


class NotePutOff(Command, tag="note_put_off", kw_only=True):
    """It goes later."""

    message_id: str
    send_at: datetime


class NoteDelivered(Command, tag="note_delivered", kw_only=True):
    """It arrived: what it says of a date has been said."""

    message_id: str


class NoteReach(Command, tag="note_reach", kw_only=True):
    """How the patient is reached may have changed."""

    patient_id: str


class AnswerText(Command, tag="answer_text", kw_only=True):
    """What the patient wrote; `inbound_id` is the provider's, made an id."""

    inbound_id: str
    text: str
