"""What requests for dates say, and what is answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from backbone.http.calls import RequestBody
from backbone.http.listing import Listed
from schemas.fact import Id, Instant, YesNo
from schemas.said import each_once
from schemas.scheduling.v1.codes import ContactMode
from services.scheduling.appointment.documents import DateReason
from services.scheduling.slot.documents import FreeSlots, SlotChoice

Status = Literal["open", "fulfilled"]


class Booking(RequestBody):
    """Agreed dates: one for each appointment that is still to be booked, or fewer. `remote`: by telephone or video,
    where it was agreed otherwise than the request has it."""

    slots: Annotated[tuple[SlotChoice, ...], Field(min_length=1, max_length=60), each_once()]
    short_notice_accepted: YesNo = False
    remote: YesNo | None = None


class Offering(RequestBody):
    """Dates for the patient to choose from. Reasonable: ten days' notice, two different dates (ATT-01)."""

    slots: Annotated[tuple[SlotChoice, ...], Field(min_length=1, max_length=10), each_once()]
    mode: ContactMode
    short_notice_accepted: YesNo = Field(False, description="Not needed: who takes a date accepts its notice")


class FreedSlotOffering(RequestBody):
    """How the patient is asked."""

    mode: ContactMode


class Acceptance(RequestBody):
    """Which of the offered dates."""

    start: Instant


class Declining(RequestBody):
    reason: DateReason | None = None


class FittingSlots(FreeSlots):
    """`next`: the start from which the page after goes on (`from`), absent on the last one."""

    next: Instant | None = None


class BookingRequestPage(BaseModel):
    """In order of id; `next` is the cursor of the page after, absent on the last one."""

    booking_requests: list[Listed]
    next: Id | None = None


class BookedAppointments(BaseModel):
    appointment_ids: list[Id]
    parked: bool = False


class BookedAppointment(BaseModel):
    appointment_id: Id
    parked: bool = False


class OfferMade(BookedAppointment):
    """The appointment is the one that is to be."""

    offer_id: Id
