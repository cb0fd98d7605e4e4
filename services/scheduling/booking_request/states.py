"""What is to be booked, and how far that has come: `none → open → fulfilled`."""

from datetime import date, datetime

import msgspec

from backbone.model import State
from schemas.codes import Discipline, GateKind, Priority
from schemas.scheduling.v1.codes import Purpose


class Wish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be booked: `count` appointments, `every_days` apart where it is a series."""

    purpose: Purpose
    discipline: Discipline
    priority: Priority
    count: int = 1
    every_days: int | None = None
    not_before: date | None = None
    not_after: date | None = None
    activity_id: str | None = None
    procedure_id: str | None = None
    remote: bool = False
    replaces: str | None = None
    """The appointment that did not take place."""


class NoRequest(State, tag="none", frozen=True, kw_only=True):
    pass


class Open(State, tag="open", frozen=True, kw_only=True):
    wish: Wish
    referral_id: str | None = None
    booked: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    """Appointments that were off before anybody had agreed to their date: others take their places."""
    suspended: bool = False
    held_by: tuple[str, ...] = ()
    """What suspends it: it is taken up when nothing does."""
    until: date | None = None
    """When somebody looks at its plan again."""
    blocked_by: tuple[GateKind, ...] = ()
    """Gates that hold up the booking of its procedure, as it was said last."""
    asked_at: datetime | None = None
    """Since when it waits; what was asked for before that was written down comes first."""

    @property
    def left(self) -> int:
        return self.wish.count - len(self.booked)

    @property
    def next_no(self) -> int:
        """Which of its appointments gets a date next, from 1."""
        return len(self.booked) + 1


class Done(State, tag="fulfilled", frozen=True, kw_only=True):
    wish: Wish
    referral_id: str | None = None
    booked: tuple[str, ...]
    blocked_by: tuple[GateKind, ...] = ()


BookingRequest = NoRequest | Open | Done
