"""What can be asked of a slot."""

from datetime import datetime

from backbone.model import Command


class HoldSlot(Command, tag="hold_slot", kw_only=True, frozen=True):
    clinician_id: str
    start: datetime
    appointment_id: str
    until: datetime
    place: int = 1


class TakeSlot(Command, tag="take_slot", kw_only=True, frozen=True):
    clinician_id: str
    start: datetime
    appointment_id: str
    place: int = 1


class ReleaseSlot(Command, tag="release_slot", kw_only=True, frozen=True):
    """Free again, unless the appointment has this date now: what asks for it may have been told late."""

    appointment_id: str


class EndHold(Command, tag="end_hold", kw_only=True, frozen=True):
    """Timer."""

    until: datetime


class PassSlot(Command, tag="pass_slot", kw_only=True, frozen=True):
    """Timer: the freed time has come, and nobody took it."""


class SeekNext(Command, tag="seek_next", kw_only=True, frozen=True):
    """Timer: the night is over, and somebody can be asked."""


class EndSearch(Command, tag="end_search", kw_only=True, frozen=True):
    """Who waits was gone through: somebody is asked now, or nobody is left who could be."""

    search_id: str
    found: bool
