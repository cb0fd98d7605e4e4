"""The states of a place on the waiting list."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec

from backbone.model import State
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import LeftBecause, Purpose

TO_THE_MICROSECOND = "%Y-%m-%dT%H:%M:%S.%fZ"


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
    joined_at: datetime | None = None
    """Since when they wait; who came before that was written down came first."""


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


def in_line(entry: Known, ranks: Mapping[str, int]) -> tuple[str, str, str, str]:
    """What comes first (ATT-09): the rank of the category in the clinic's scheme, the target date, who takes short
    notice, who waits longest. A category that the scheme does not have, and none, come last."""
    place = entry.place
    return (
        f"{ranks.get(place.category or '', len(ranks)):03}",
        place.target_date.isoformat() if place.target_date else "~",
        "0" if place.short_notice_ok else "1",
        f"{entry.joined_at.astimezone(UTC):{TO_THE_MICROSECOND}}" if entry.joined_at else "",
    )


OnList = Waiting | Offered | Paused
Entry = NotThere | OnList | Left
