"""Private facts of a booking request: they stand in this service's journal only."""

from typing import Annotated, Literal

from schemas.codes import GATE_KIND
from schemas.fact import Code, Id, PrivateFact


class PartBooked(PrivateFact):
    """Some of the request's appointments have a date."""

    type: Literal["scheduling.part_booked.v1"] = "scheduling.part_booked.v1"
    appointment_ids: tuple[Id, ...]


class AppointmentPassed(PrivateFact):
    """One of its appointments was off before anybody had agreed to its date: another one takes its place."""

    type: Literal["scheduling.appointment_passed.v1"] = "scheduling.appointment_passed.v1"
    appointment_id: Id


class Replacing(PrivateFact):
    """The request stands for an appointment that did not take place."""

    type: Literal["scheduling.replacing.v1"] = "scheduling.replacing.v1"
    appointment_id: Id


class RequestSuspended(PrivateFact):
    """The plan or the activity is on hold, or the referral was taken back: no dates are given."""

    type: Literal["scheduling.request_suspended.v1"] = "scheduling.request_suspended.v1"
    by: Code = "plan"


class RequestTakenUp(PrivateFact):
    """What `by` held goes on, unless something else holds it."""

    type: Literal["scheduling.request_taken_up.v1"] = "scheduling.request_taken_up.v1"
    by: Code = "plan"


class BlocksNoted(PrivateFact):
    """Fewer gates hold it up, or none."""

    type: Literal["scheduling.blocks_noted.v1"] = "scheduling.blocks_noted.v1"
    gate_kinds: tuple[Annotated[str, GATE_KIND.passed_on], ...]
