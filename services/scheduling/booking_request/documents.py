"""Bodies of requests. Unknown fields are errors."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.fact import Code, Id, Instant
from schemas.scheduling.v1.codes import (
    AttendanceDecision,
    By,
    ContactMode,
    Exemption,
    LeftBecause,
    NonAttendance,
    UnavailabilityKind,
)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SlotChoice(Body):
    """A time of a clinician, as GET /slots shows it."""

    clinician_id: Id
    start: Instant


class Offering(Body):
    """Dates for the patient to choose from. Reasonable: ten days' notice, two different dates (ATT-01)."""

    slots: Annotated[tuple[SlotChoice, ...], Field(min_length=1, max_length=10)]
    mode: ContactMode
    short_notice_accepted: bool = False


class Acceptance(Body):
    """Which of the offered dates."""

    start: Instant


class Reason(Body):
    reason: Code


class OptionalReason(Body):
    reason: Code | None = None


class Booking(Body):
    """Agreed dates: one for each appointment that is still to be booked, or fewer."""

    slots: Annotated[tuple[SlotChoice, ...], Field(min_length=1, max_length=60)]
    short_notice_accepted: bool = False


class LegChoice(Body):
    booking_request_id: Id
    slot: SlotChoice


class JointDay(Body):
    """Several visits on one date. With `hold` the patient still has to say yes."""

    patient_id: Id
    referral_id: Id
    legs: Annotated[tuple[LegChoice, ...], Field(min_length=2, max_length=8)]
    mode: ContactMode
    hold: bool = False
    short_notice_accepted: bool = False


class Moving(Body):
    slot: SlotChoice
    by: By
    reason: Code


class Cancelling(Body):
    by: By
    reason: Code


class Missing(Body):
    """Nobody came. Exemptions as ATT-07 lists them."""

    reason: NonAttendance = "UNKNOWN"
    exemptions: tuple[Exemption, ...] = ()


class NotAvailable(Body):
    """`end` is the first day on which the patient is available again."""

    referral_id: Id
    kind: UnavailabilityKind
    start: date
    end: date | None = None


class End(Body):
    end: date


class Review(Body):
    decision: AttendanceDecision
    note: Text | None = None


class Removal(Body):
    reason: LeftBecause
