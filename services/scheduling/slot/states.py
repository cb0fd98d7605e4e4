"""The states of a slot: names are FHIR's Slot.status. And what a slot is known by."""

from datetime import datetime

import msgspec

from backbone.model import State
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Purpose


class SlotTime(msgspec.Struct, frozen=True, omit_defaults=True):
    """With whom and when, and at which place of a group: what a slot is known by."""

    clinician_id: str
    start: datetime
    place: int = 1


class Offerable(State, frozen=True, kw_only=True):
    """Nobody has it for good. `to_fill`: it was given back, by somebody who was to be seen for this; `asked`: by which
    appointment, and for which it was offered since; `search`: who is asked next is looked for; or will be, `ask_at`."""

    to_fill: bool = False
    asked: tuple[str, ...] = ()
    discipline: Discipline | None = None
    purpose: Purpose | None = None
    search: str | None = None
    ask_at: datetime | None = None
    place: int = 1


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
    place: int = 1


SlotState = Free | Held | Busy
SEARCH = "waitlist"
"""Who is asked next: looked for after the commit that wants to know, among all who wait."""


class Search(msgspec.Struct, frozen=True):
    """Which search it is."""

    search_id: str
