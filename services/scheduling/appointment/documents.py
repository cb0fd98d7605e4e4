"""What requests about appointments say, and the lists in which things of this service are shown."""

from typing import Annotated

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from backbone.http.listing import Listed
from schemas.fact import FEW
from schemas.scheduling.v1.codes import DATE_REASON, EXEMPTION, NON_ATTENDANCE, By
from services.scheduling.slot.documents import SlotChoice

DateReason = Annotated[str, DATE_REASON.only]


class Correction(RequestBody):
    reason: DateReason


class Cancelling(RequestBody):
    by: By
    reason: DateReason


class Moving(Cancelling):
    slot: SlotChoice


class Missing(RequestBody):
    """Nobody came. Exemptions as ATT-07 lists them."""

    reason: Annotated[str, NON_ATTENDANCE.only] = "UNKNOWN"
    exemptions: Annotated[tuple[Annotated[str, EXEMPTION.only], ...], FEW] = ()


class AppointmentPage(BaseModel):
    """In order of start; `next` is the cursor of the page after, absent on the last one."""

    appointments: list[Listed]
    next: str | None = None
