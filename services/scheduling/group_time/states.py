"""The states of one time of a group. Its id derives from whose it is and when."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from backbone.ids import ROOT, derive
from backbone.model import State
from schemas.codes import Discipline


class NoGroup(State, tag="none", frozen=True, kw_only=True):
    pass


class Known(State, frozen=True, kw_only=True):
    clinician_id: str
    discipline: Discipline
    start: datetime
    places: dict[int, str] = msgspec.field(default_factory=dict)
    """Which appointment has which place."""
    left: tuple[str, ...] = ()
    """Appointments that gave their place back: nobody is asked to take again what they gave back."""


class Planned(Known, tag="planned", frozen=True, kw_only=True):
    """Nobody has to decide anything."""


class Short(Known, tag="short", frozen=True, kw_only=True):
    """Somebody is asked whether it takes place."""


class Kept(Known, tag="kept", frozen=True, kw_only=True):
    """It takes place, with as many as had a place when that was said."""

    kept: int


class CalledOff(Known, tag="called_off", frozen=True, kw_only=True):
    """It does not take place, and nobody gets a place of it."""


Live = Planned | Short | Kept
GroupTime = NoGroup | Live | CalledOff


def group_id(clinician_id: str, start: datetime) -> str:
    """The group of this clinician at this time."""
    return derive(ROOT, f"group:{clinician_id}:{start.astimezone(UTC).isoformat()}")


def group_seen(clinician_id: str, start: datetime) -> Iterable[tuple[str, str]]:
    """For `needs`: whether it takes place."""
    yield "group_time", group_id(clinician_id, start)
