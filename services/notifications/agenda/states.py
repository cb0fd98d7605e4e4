"""What this service knows of a patient: the dates to come, the messages planned and sent, what was agreed to."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from backbone.ids import derive
from backbone.model import State
from schemas.codes import Severity
from schemas.notifications.v1.codes import Channel, Template

REMEMBERED_DAYS = 60
"""How long what was heard of a thing elsewhere is known to have been heard. Kafka and the inbox forget a fact earlier:
only a journal that is published again brings it once more, and what it says at once is then too old to be said."""


def unasked_id(patient_id: str) -> str:
    """In place of the message that is answered, for texts of a patient whom nobody has texted."""
    return derive(patient_id, "texts that answer nothing")


class Visit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A date to come. `series`: one of several sessions, told once a week."""

    version: int
    start: datetime
    location: str
    remote: bool = False
    series: bool = False
    referral_id: str | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message, planned until it was pushed (`pushed_on`, a local day). `covers`: the dates that it is about.
    `kept_back`: why it was not said, though it still is to be said."""

    template: Template
    subject_id: str
    subject_version: int | None = None
    send_at: datetime
    covers: tuple[str, ...] = ()
    day: date | None = None
    referral_id: str | None = None
    depends_on: str | None = None
    pushed_on: date | None = None
    kept_back: str | None = None

    @property
    def is_planned(self) -> bool:
        """It goes when its time has come."""
        return self.pushed_on is None and self.kept_back is None


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the patient wrote back; the text is content."""

    inbound_id: str
    message_id: str | None = None
    meaning: str
    text_ref: str
    at: datetime
    severity: Severity | None = None


class Agenda(State, tag="agenda"):
    """`heard`: the latest sequence number taken in of each thing elsewhere, `heard_on` when. `last_text`: the last text
    message sent, `last_two_way`: the last of those that are answered with confirm or cancel."""

    visits: Mapping[str, Visit] = {}
    notes: Mapping[str, Note] = {}
    consents: Mapping[Channel, bool] = {}
    heard: Mapping[str, int] = {}
    heard_on: Mapping[str, date] = {}
    last_text: str | None = None
    last_two_way: str | None = None
    last_text_on: date | None = None
    answered: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    deceased: bool = False
