"""The appointment as one aggregate: its tables put together, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from backbone.ids import derive
from backbone.model import Aggregate, Column, Columns, Flag, Table, Timer, field
from services.scheduling.appointment.commands import (
    CancelAppointment,
    DeclineOffer,
    ExpireOffer,
    MarkInError,
    MissAppointment,
    ReleaseHold,
)
from services.scheduling.appointment.decide.attendance import VISITING
from services.scheduling.appointment.decide.dates import BOOKING
from services.scheduling.appointment.evolve import EVOLVE
from services.scheduling.appointment.states import (
    Arrived,
    Booked,
    CheckedIn,
    NoAppointment,
    Pending,
    Proposed,
    Waiting,
)
from services.scheduling.rules import Rules

LOOK_AT_ATTENDANCE = (DeclineOffer, CancelAppointment, MissAppointment, MarkInError)


def needs(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """What counts for and against the patient so far."""
    referral_id = getattr(state, "referral_id", None)
    if referral_id and isinstance(command, LOOK_AT_ATTENDANCE):
        yield "referral_record", referral_id
    if isinstance(command, MissAppointment) and getattr(state, "joint_day_id", None):
        yield "joint_day", state.joint_day_id


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """Offers and holds end by themselves."""
    if isinstance(state, Proposed):
        return {"offer": Timer(state.hold_until, ExpireOffer(offer_id=state.offer_id))}
    return {"hold": Timer(state.hold_until, ReleaseHold())} if isinstance(state, Pending) else {}


def start_of(state: Any) -> str | None:
    date = getattr(state, "date", None)
    return date.start.astimezone(UTC).isoformat() if date else None


def is_open(state: Any) -> bool:
    return isinstance(state, Waiting | Proposed | Pending | Booked | Arrived | CheckedIn)


def of_matter(name: str) -> Any:
    return lambda state: None if isinstance(state, NoAppointment) else getattr(state.matter, name)


class Appointments(Columns):
    """How appointments are found."""

    referral_id = field("referral_id")
    activity_id = Column(of_matter("activity_id"))
    booking_request_id = Column(of_matter("booking_request_id"))
    consultation_id = field("consultation_id")
    offer_id = field("offer_id")
    start_at = Column(start_of)
    open = Flag(is_open)
    ahead = Flag(lambda state: isinstance(state, Waiting | Proposed | Pending | Booked))


APPOINTMENT = Aggregate(
    "appointment",
    NoAppointment(),
    decide=Table(BOOKING, VISITING),
    evolve=EVOLVE,
    timers=timers,
    needs=needs,
    columns=Appointments,
)


def appointment_id(booking_request_id: str, no: int) -> str:
    """The appointment of this number, from 1, of the request."""
    return derive(booking_request_id, f"appointment:{no}")
