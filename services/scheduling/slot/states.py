"""The states of a slot: names are FHIR's Slot.status. And what a slot is known by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from backbone.model import State


class SlotTime(msgspec.Struct, frozen=True):
    """With whom and when: what a slot is known by."""

    clinician_id: str
    start: datetime


class HasDates(Protocol):
    """An appointment, as a slot sees it: the times that it has, or offers."""

    @property
    def dates(self) -> Sequence[SlotTime]: ...


class Free(State, tag="free", frozen=True, kw_only=True):
    clinician_id: str = ""
    start: datetime | None = None


class Held(State, tag="busy-tentative", frozen=True, kw_only=True):
    clinician_id: str
    start: datetime
    appointment_id: str
    until: datetime


class Busy(State, tag="busy", frozen=True, kw_only=True):
    clinician_id: str
    start: datetime
    appointment_id: str


SlotState = Free | Held | Busy
