"""From open requests and times on one date to one group of orders: every leg, or none. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from backbone.model import Event, On, Order, Orders, Send, Snapshot, like, on, one
from schemas.scheduling.v1.appointment import AppointmentCancelled
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import BookDate, HoldDate, ReleaseHold
from services.scheduling.appointment.states import Appointment, Pending
from services.scheduling.booking_request.reactions.dates import (
    booked,
    counted,
    for_patient,
    next_appointment,
)
from services.scheduling.booking_request.states import Open
from services.scheduling.diary.aggregate import Expected
from services.scheduling.diary.reactions import expect, forget
from services.scheduling.joint_day.aggregate import (
    JOINT_DAY,
    AcceptDay,
    DeclineDay,
    JointDay,
    Leg,
    LoseLeg,
    ProposeDay,
    ReplaceLeg,
)
from services.scheduling.rules import Rules
from services.scheduling.slot.reactions import hold, release
from services.scheduling.slot.states import SlotTime


class Part(NamedTuple):
    """A request's part of the day."""

    request: Snapshot[Open]
    time: SlotTime
    assessments: tuple[str, ...] | None = None

    @property
    def leg(self) -> Leg:
        _, appointment = next_appointment(self.request)
        return like(Leg, self.time, discipline=self.request.state.wish.discipline, appointment_id=appointment)


def propose(day_id: str, day: ProposeDay, parts: Sequence[Part]) -> Order:
    """Every leg is held until the patient has answered."""
    legs = [send for part in parts for send in held(part, day_id, day.hold_until)]
    return for_patient(
        parts[0].request, JOINT_DAY.send(day, to=one(day_id)), *legs, *expected(parts, day.hold_until)
    )


def book(day_id: str, day: ProposeDay, parts: Sequence[Part], short_notice_accepted: bool) -> Order:
    """Agreed at once: the legs are booked without being held."""
    sends = [JOINT_DAY.send(day, to=one(day_id)), JOINT_DAY.send(AcceptDay(), to=one(day_id))]
    for part in parts:
        sends += agreed(part, day_id, short_notice_accepted)
    return for_patient(parts[0].request, *sends, *expected(parts))


def expected(parts: Sequence[Part], until: datetime | None = None) -> Sequence[Send]:
    """The patient is expected at every leg."""
    times = (like(Expected, part.time, appointment_id=part.leg.appointment_id, until=until) for part in parts)
    return expect(parts[0].request.lane_key, *times)


def held(part: Part, day_id: str, until: datetime) -> Sequence[Send]:
    matter, appointment = next_appointment(part.request)
    command = like(
        HoldDate,
        part.time,
        matter=matter,
        joint_day_id=day_id,
        hold_until=until,
        assessments=part.assessments,
    )
    return APPOINTMENT.send(command, to=one(appointment)), hold(part.time, appointment, until)


def agreed(part: Part, day_id: str, short_notice_accepted: bool) -> Iterator[Send]:
    matter, appointment = next_appointment(part.request)
    command = like(
        BookDate,
        part.time,
        matter=matter,
        joint_day_id=day_id,
        short_notice_accepted=short_notice_accepted,
        assessments=part.assessments,
    )
    yield from booked(appointment, command)
    yield from counted(matter, appointment)


def replace(day: Snapshot[JointDay], part: Part, short_notice_accepted: bool) -> Order:
    """Another date on the same day, in the place of a leg that is off."""
    replaced = JOINT_DAY.send(ReplaceLeg(leg=part.leg), to=one(day.id))
    again = agreed(part, day.id, short_notice_accepted)
    return for_patient(part.request, replaced, *again, *expected([part]))


def lose_leg(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    """Whoever cancelled it."""
    if event.fact.joint_day_id:
        yield JOINT_DAY.send(LoseLeg(appointment_id=event.head.aggregate_id), to=one(event.fact.joint_day_id))


class Held(NamedTuple):
    """A leg of a day that waits for its answer, and the assessment that it is to follow, as that is now."""

    leg: Snapshot[Appointment]
    assessments: tuple[str, ...] | None


def accept(day: Snapshot[JointDay], parts: Iterable[Held]) -> Order:
    """All legs become booked in one transaction, if what was true when they were proposed still is."""
    sends, times = [JOINT_DAY.send(AcceptDay(), to=one(day.id))], []
    for leg, assessments in parts:
        if isinstance(leg.state, Pending):
            matter, time = leg.state.matter, leg.state.date.time
            command = like(
                BookDate,
                time,
                matter=matter,
                joint_day_id=day.id,
                short_notice_accepted=True,
                referral_id=leg.state.referral_id,
                assessments=assessments,
            )
            sends += [*booked(leg.id, command), *counted(matter, leg.id)]
            times.append(like(Expected, time, appointment_id=leg.id))
    return for_patient(day, *sends, *expect(day.lane_key, *times))


def decline(day: Snapshot[JointDay], legs: Iterable[Snapshot[Appointment]]) -> Order:
    """Every hold is free again."""
    legs = tuple(legs)
    sends = [JOINT_DAY.send(DeclineDay(), to=one(day.id)), *forget(day.lane_key, *(leg.id for leg in legs))]
    for leg in legs:
        sends.append(APPOINTMENT.send(ReleaseHold(), to=one(leg.id)))
        if isinstance(leg.state, Pending):
            sends.append(release(leg.state.date.time, leg.id))
    return for_patient(day, *sends)


REACTIONS: tuple[On, ...] = (on(AppointmentCancelled, lose_leg),)
