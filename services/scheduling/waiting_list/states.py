"""The states of a place on the waiting list."""

from datetime import date

import msgspec

from backbone.model import State
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import LeftBecause, Purpose


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is waited for, and how urgently."""

    booking_request_id: str
    purpose: Purpose
    discipline: Discipline
    category: str | None = None
    target_date: date | None = None
    short_notice_ok: bool = False


class Absence(msgspec.Struct, frozen=True, omit_defaults=True):
    """The patient is not available; `end` is the first day after, None while nobody knows it."""

    period_id: str
    start: date
    end: date | None = None


class NotThere(State, tag="none", frozen=True, kw_only=True):
    pass


class Known(State, frozen=True, kw_only=True):
    """What every entry has, in whatever state."""

    place: Place
    referral_id: str | None = None
    absences: tuple[Absence, ...] = ()
    """Those that run or are to come."""


class Waiting(Known, tag="waiting", frozen=True, kw_only=True):
    pass


class Offered(Known, tag="offered", frozen=True, kw_only=True):
    offer_id: str


class Paused(Known, tag="paused", frozen=True, kw_only=True):
    until: date | None = None


class Left(Known, tag="left", frozen=True, kw_only=True):
    reason: LeftBecause


def is_away_on(entry: Known, day: date) -> bool:
    return any(each.start <= day and (each.end is None or day < each.end) for each in entry.absences)


def in_line(entry: Known) -> tuple[str, date, bool]:
    """What comes first: urgency, then the target date, then who takes short notice (ATT-09)."""
    place = entry.place
    return place.category or "~", place.target_date or date.max, not place.short_notice_ok


OnList = Waiting | Offered | Paused
Entry = NotThere | OnList | Left
