"""The states of a slot: names are FHIR's Slot.status. And what a slot is known by."""

from datetime import datetime

import msgspec

from backbone.model import State


class SlotTime(msgspec.Struct, frozen=True):
    """With whom and when: what a slot is known by."""

    clinician_id: str
    start: datetime


class Offerable(State, frozen=True, kw_only=True):
    """Nobody has it for good. `to_fill`: it was given back; `asked`: by which appointment, and for which it was offered
    since."""

    to_fill: bool = False
    asked: tuple[str, ...] = ()


class Free(Offerable, tag="free", frozen=True, kw_only=True):
    clinician_id: str = ""
    start: datetime | None = None


class Held(Offerable, tag="busy-tentative", frozen=True, kw_only=True):
    clinician_id: str
    start: datetime
    appointment_id: str
    until: datetime


class Busy(State, tag="busy", frozen=True, kw_only=True):
    clinician_id: str
    start: datetime
    appointment_id: str


SlotState = Free | Held | Busy
