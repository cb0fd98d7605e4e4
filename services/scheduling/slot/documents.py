"""Times of clinicians: as requests name them, and as they are shown."""

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.codes import Discipline
from schemas.fact import Id, Instant
from schemas.scheduling.v1.codes import Purpose
from services.scheduling.slot.states import SlotTime


class SlotChoice(RequestBody):
    """A time of a clinician, as GET /slots shows it."""

    clinician_id: Id
    start: Instant

    @property
    def time(self) -> SlotTime:
        return SlotTime(self.clinician_id, self.start)


class FreeSlot(BaseModel):
    clinician_id: Id
    discipline: Discipline
    location: str
    room: str
    purposes: list[Purpose]
    start: Instant
    end: Instant


class FreeSlots(BaseModel):
    """In order of start."""

    slots: list[FreeSlot]
