"""An offer ends when it says, on whatever day that is: over weekends, holidays and changes of the clocks."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from config.sessions import Slot
from schemas.scheduling.v1.appointment import AppointmentBooked
from schemas.scheduling.v1.offer import OfferExpired
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import BookDate, OfferDates
from services.scheduling.appointment.states import Waiting
from services.scheduling.slot.aggregate import SLOT
from services.scheduling.slot.commands import HoldSlot
from services.scheduling.slot.states import Free, Held, SlotTime
from tests.support.deciding import TARGET, deciding, like, refused
from tests.unit.scheduling.situations import COORDINATOR, DAY, FIRST_VISIT, PATIENT, rules

TWO_DAYS, LEAD, SECOND = timedelta(hours=48), timedelta(hours=2), timedelta(seconds=1)
"""How long dates are held, and how long before them somebody else can still be asked."""
DAYS = [date(2026, 11, 2) + timedelta(days=days) for days in range(150)]
"""Thanksgiving, Christmas, New Year, and both changes of the clocks."""
SLOTS = [
    slot
    for day in DAYS
    for slot in rules().sessions.on(day, rules().calendar).values()
    if FIRST_VISIT.purpose in slot.purposes
]
slots, minutes = st.sampled_from(SLOTS), st.integers(1, 8 * 24 * 60)


def offered(slot: Slot, made: datetime, until: datetime) -> Any:
    choice = SlotTime(slot.clinician_id, slot.start)
    command = OfferDates(matter=FIRST_VISIT, offer_id=DAY, mode="phone", hold_until=until, choices=(choice,))
    return deciding(APPOINTMENT, rules(), actor=COORDINATOR, at=made)(command)


@given(slot=slots, ahead=minutes)
def test_two_days_are_two_days_and_something_is_left_before_the_start(slot: Slot, ahead: int) -> None:
    made = slot.start - timedelta(minutes=ahead)
    until = rules().held_until(made, slot.start, hours=48)
    assert until == min(made + TWO_DAYS, slot.start - LEAD)


@given(slot=slots, ahead=minutes)
def test_an_offer_can_be_taken_until_it_ends_and_counts_for_nothing_when_it_has(
    slot: Slot, ahead: int
) -> None:
    made = slot.start - timedelta(minutes=ahead)
    until = rules().held_until(made, slot.start, hours=48)
    assume(made < until - SECOND)
    timer = offered(slot, made, until).when().timers["offer"]
    assert timer.due == until
    take = BookDate(matter=FIRST_VISIT, clinician_id=slot.clinician_id, start=slot.start, offer_id=DAY)
    offered(slot, made, until).when(until - SECOND, PATIENT, take).then(AppointmentBooked)
    over = offered(slot, made, until).when(until, timer.command)
    over.then(like(OfferExpired, counts=False)).then_state(Waiting)


@given(slot=slots, ahead=minutes)
def test_what_is_held_is_free_when_the_offer_ends_and_can_be_held_for_somebody_else(
    slot: Slot, ahead: int
) -> None:
    made = slot.start - timedelta(minutes=ahead)
    until = rules().held_until(made, slot.start, hours=48)
    said: dict[str, Any] = {"clinician_id": slot.clinician_id, "start": slot.start}
    mine, given = HoldSlot(appointment_id=TARGET, until=until, **said), deciding(SLOT, rules(), at=made)
    if until <= made:
        given().when(mine).then(refused(code="too-soon-to-hold"))
        return
    held = given(mine).when()
    timer = held.timers["hold"]
    assert isinstance(held.state, Held) and timer.due == until
    over = given(held.state).when(until, timer.command).then_state(Free)
    hold = rules().scheduling.freed.values.hold(slot.start - until)
    assert until + hold <= slot.start, "whoever is asked next has the whole hold"
    theirs = HoldSlot(appointment_id=DAY, until=until + hold, **said)
    given(over.state).when(until, theirs).then_state(Held)
