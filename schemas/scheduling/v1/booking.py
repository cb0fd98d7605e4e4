"""Facts of a booking request: one piece of booking, made once for each source fact."""

from typing import Annotated, ClassVar, Literal

from schemas.codes import Discipline, GateKind, Priority
from schemas.fact import FEW, SOME, AnyCode, Count, Day, Fact, Id, YesNo, sensitivity
from schemas.scheduling.v1.codes import Blocked, Purpose


class BookingFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "booking_request"


class BookingRequested(BookingFact):
    """Something has to be booked."""

    type: Literal["scheduling.booking_requested.v1"] = "scheduling.booking_requested.v1"
    booking_request_id: Id
    purpose: Purpose
    discipline: Annotated[Discipline, sensitivity("phi")]
    count: Count
    every_days: Count | None = None
    not_before: Day | None = None
    not_after: Day | None = None
    activity_id: Id | None = None
    procedure_id: Id | None = None
    remote: YesNo
    priority: Priority


class BookingFulfilled(BookingFact):
    """All its appointments are booked; or nothing more is to be booked, and `reason` says why."""

    type: Literal["scheduling.booking_fulfilled.v1"] = "scheduling.booking_fulfilled.v1"
    booking_request_id: Id
    appointment_ids: Annotated[tuple[Id, ...], SOME]
    reason: AnyCode | None = None


class BookingSuspended(BookingFact):
    """No date may be given meanwhile: its plan or its activity is on hold, or its referral was taken back. `until`: the
    day on which somebody looks at it again, where one is agreed. Said again when that changes."""

    type: Literal["scheduling.booking_suspended.v1"] = "scheduling.booking_suspended.v1"
    booking_request_id: Id
    until: Day | None = None


class BookingTakenUp(BookingFact):
    """Nothing holds it any more: dates may be given."""

    type: Literal["scheduling.booking_taken_up.v1"] = "scheduling.booking_taken_up.v1"
    booking_request_id: Id


class BookingBlocked(BookingFact):
    """Something must be true first (PRC-04, PRC-05, ANT-01)."""

    type: Literal["scheduling.booking_blocked.v1"] = "scheduling.booking_blocked.v1"
    booking_request_id: Id
    reason: Blocked
    gate_kinds: Annotated[tuple[GateKind, ...], FEW, sensitivity("phi")]
