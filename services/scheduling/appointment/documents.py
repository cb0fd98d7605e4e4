"""What requests about appointments say, and the lists in which things of this service are shown."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backbone.http.calls import RequestBody
from schemas.fact import Code, Id
from schemas.scheduling.v1.codes import By, Exemption, NonAttendance
from services.scheduling.slot.documents import SlotChoice


class Reason(RequestBody):
    reason: Code


class Cancelling(RequestBody):
    by: By
    reason: Code


class Moving(Cancelling):
    slot: SlotChoice


class Missing(RequestBody):
    """Nobody came. Exemptions as ATT-07 lists them."""

    reason: NonAttendance = "UNKNOWN"
    exemptions: Annotated[tuple[Exemption, ...], Field(max_length=6)] = ()


class Listed(BaseModel):
    """One of a list: beside these its state, as it is shown by itself."""

    model_config = ConfigDict(extra="allow")

    id: Id
    version: int
    status: str
    patient_id: Id | None
    referral_id: Id | None


class AppointmentPage(BaseModel):
    """In order of start; `next` is the cursor of the page after, absent on the last one."""

    appointments: list[Listed]
    next: Id | None = None
