"""What this service knows of a patient: the dates to come, the messages planned and sent, what was agreed to."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from backbone.model import State
from schemas.notifications.v1.codes import Channel, Template


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
    referral_id: str | None = None
    pushed_on: date | None = None


class Agenda(State, tag="agenda"):
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
    deceased: bool = False
    others: tuple[str, ...] = ()
    """Other records of the same person: consent and caps hold over all of them."""
