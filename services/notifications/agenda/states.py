"""What this service knows of a patient: the dates to come, the messages planned and sent, what was agreed to."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from backbone.model import Command, State
from schemas.notifications.v1.codes import Channel, Reply, Template


class Visit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A date to come. `series`: one of several sessions, told once a week."""

    version: int
    start: datetime
    location: str
    remote: bool = False
    series: bool = False
    referral_id: str | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message, planned until it was pushed (`pushed_on`, a local day). `covers`: the dates that it is about."""

    template: Template
    subject_id: str
    subject_version: int | None = None
    send_at: datetime
    covers: tuple[str, ...] = ()
    day: date | None = None
    pushed_on: date | None = None


class Agenda(State, tag="agenda", frozen=True, kw_only=True):
    """`heard`: the latest sequence number taken in of each thing elsewhere. `last_text`: the last text message sent,
    `last_two_way`: the last of those that are answered with confirm or cancel."""

    visits: Mapping[str, Visit] = {}
    notes: Mapping[str, Note] = {}
    consents: Mapping[Channel, bool] = {}
    heard: Mapping[str, int] = {}
    last_text: str | None = None
    last_two_way: str | None = None
    last_text_on: date | None = None
    answered: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """The thing elsewhere that a fact is about, and the fact's number in its life."""

    id: str
    sequence: int


class Hear(Command, tag="hear", frozen=True, kw_only=True):
    """A fact about the patient. First everything planned about the subject ends if the fact `ends` it (with
    `everything`: whatever is planned), then the date is noted, then the messages are planned."""

    patient_id: str
    referral_id: str | None = None
    source: Source
    subject_id: str
    subject_version: int | None = None
    ends: str | None = None
    everything: bool = False
    only: Template | None = None
    """Only messages of this template end."""
    visit: Visit | None = None
    moved_to: datetime | None = None
    """Of a known date."""
    due_on: date | None = None
    says: tuple[Template, ...] = ()


class NoteConsent(Command, tag="note_consent", frozen=True, kw_only=True):
    channel: Channel
    given: bool


class NotePushed(Command, tag="note_pushed", frozen=True, kw_only=True):
    patient_id: str
    message_id: str
    channel: Channel
    at: datetime


class NoteOver(Command, tag="note_over", frozen=True, kw_only=True):
    """It was suppressed, cancelled, or failed."""

    message_id: str


class AnswerText(Command, tag="answer_text", frozen=True, kw_only=True):
    """What the patient wrote; `inbound_id` is the provider's, made an id."""

    inbound_id: str
    reply: Reply
    text: str
