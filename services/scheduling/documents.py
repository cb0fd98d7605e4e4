"""Bodies of requests. Unknown fields are errors."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.fact import FEW, Day, Id, Instant, YesNo
from schemas.period import LONGEST_ABSENCE, in_order
from schemas.said import Text
from schemas.scheduling.v1.codes import (
    DATE_REASON,
    EXEMPTION,
    LEFT_BECAUSE,
    NON_ATTENDANCE,
    UNAVAILABILITY,
    AttendanceDecision,
    By,
    ContactMode,
)

DateReason = Annotated[str, DATE_REASON.only]


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
    short_notice_accepted: YesNo = False


class Acceptance(Body):
    """Which of the offered dates."""

    start: Instant


class Reason(Body):
    reason: DateReason


class OptionalReason(Body):
    reason: DateReason | None = None


class Booking(Body):
    """Agreed dates: one for each appointment that is still to be booked, or fewer."""

    slots: Annotated[tuple[SlotChoice, ...], Field(min_length=1, max_length=60)]
    short_notice_accepted: YesNo = False


class LegChoice(Body):
    booking_request_id: Id
    slot: SlotChoice


class JointDay(Body):
    """Several visits on one date. With `hold` the patient still has to say yes."""

    patient_id: Id
    referral_id: Id
    legs: Annotated[tuple[LegChoice, ...], Field(min_length=2, max_length=8)]
    mode: ContactMode
    hold: YesNo = False
    short_notice_accepted: YesNo = False


class Moving(Body):
    slot: SlotChoice
    by: By
    reason: DateReason


class Cancelling(Body):
    by: By
    reason: DateReason


class Missing(Body):
    """Nobody came. Exemptions as ATT-07 lists them."""

    reason: Annotated[str, NON_ATTENDANCE.only] = "UNKNOWN"
    exemptions: Annotated[tuple[Annotated[str, EXEMPTION.only], ...], FEW] = ()


class NotAvailable(Body):
    """`end` is the first day on which the patient is available again."""

    referral_id: Id
    kind: Annotated[str, UNAVAILABILITY.only]
    start: Day
    end: Day | None = None

    @model_validator(mode="after")
    def ends_later_than_it_starts(self) -> Self:
        return in_order(self, LONGEST_ABSENCE)


class End(Body):
    end: Day


class Review(Body):
    decision: AttendanceDecision
    note: Text | None = None


class Removal(Body):
    reason: Annotated[str, LEFT_BECAUSE.only]
