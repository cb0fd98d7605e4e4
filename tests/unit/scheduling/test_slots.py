"""A slot is sold once (SCH-03), and is free again exactly when nobody wants it."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from backbone.ids import ROOT, derive
from backbone.model import State
from config.calendar import BusinessCalendar
from config.loading import SHIPPED
from config.sessions import KEPT_DAYS, Sessions
from schemas.scheduling.v1.slot import SlotFreed
from services.scheduling.appointment.states import (
    Booked,
    Cancelled,
    Date,
    NoAppointment,
    Proposed,
)
from services.scheduling.rules import load_rules
from services.scheduling.slot.aggregate import SLOT
from services.scheduling.slot.commands import HoldSlot, ReleaseSlot, TakeSlot
from services.scheduling.slot.facts import NextSought, SlotHeld, SlotReleased, SlotTaken
from services.scheduling.slot.states import Busy, Free, SlotTime
from tests.support.deciding import deciding, like, nothing, refused
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import DAY, FIRST_VISIT, IN_10_DAYS, MADE, MAYA, PAUL, rules

given = deciding(SLOT, rules(), at=MADE)
MINE, THEIRS = derive(ROOT, "mine"), derive(ROOT, "theirs")


def take(who: str, start: datetime = IN_10_DAYS) -> TakeSlot:
    return TakeSlot(clinician_id=PAUL, start=start, appointment_id=who)


def hold(who: str) -> HoldSlot:
    return HoldSlot(
        clinician_id=PAUL, start=IN_10_DAYS, appointment_id=who, until=at_clinic("2027-02-03 09:00")
    )


def booked(clinician_id: str) -> Booked:
    return Booked(
        matter=FIRST_VISIT,
        date=Date(clinician_id=clinician_id, start=IN_10_DAYS, end=IN_10_DAYS, location="main"),
    )


def test_the_second_who_wants_a_sold_slot_gets_a_conflict() -> None:
    given(take(MINE)).when(take(THEIRS)).then(refused(code="slot-taken")).then_state(Busy)


def test_a_held_slot_is_only_for_whom_it_is_held() -> None:
    given(hold(MINE)).when(take(THEIRS)).then(refused(code="slot-taken"))
    given(hold(MINE)).when(hold(THEIRS)).then(refused(code="slot-taken"))
    given(hold(MINE)).when(take(MINE)).then(like(SlotTaken, appointment_id=MINE))


def test_an_offer_that_was_declined_frees_what_it_held() -> None:
    declined = given(hold(MINE)).beside({MINE: NoAppointment()})
    declined.when(ReleaseSlot(appointment_id=MINE)).then(SlotReleased).then_state(Free)


def test_what_an_appointment_still_has_is_not_freed_by_a_fact_that_is_told_late() -> None:
    """Moved there and back before the first move was told; or offered a second time."""
    there_and_back = given(take(MINE)).beside({MINE: booked(PAUL)})
    there_and_back.when(ReleaseSlot(appointment_id=MINE)).then(nothing())
    offer = Proposed(
        matter=FIRST_VISIT,
        offer_id=DAY,
        choices=(SlotTime(PAUL, IN_10_DAYS),),
        reasonable=True,
        hold_until=IN_10_DAYS,
    )
    given(hold(MINE)).beside({MINE: offer}).when(ReleaseSlot(appointment_id=MINE)).then(nothing())


def test_a_move_to_another_clinician_at_the_same_time_frees_the_first_ones_slot() -> None:
    moved: State = booked(MAYA)
    given(take(MINE)).beside({MINE: moved}).when(ReleaseSlot(appointment_id=MINE)).then(
        SlotReleased, SlotFreed, NextSought
    )


def test_nobody_gives_back_what_is_not_theirs() -> None:
    gone = Cancelled(matter=FIRST_VISIT, by="patient", reason="ill")
    given(take(MINE)).beside({THEIRS: gone}).when(ReleaseSlot(appointment_id=THEIRS)).then(nothing())


def test_a_freed_slot_is_sold_again() -> None:
    freed = given(take(MINE)).beside({MINE: NoAppointment()}).when(ReleaseSlot(appointment_id=MINE))
    given(freed.state).when(take(THEIRS)).then(like(SlotTaken, appointment_id=THEIRS))


def test_who_asks_for_days_far_off_makes_no_memory_grow() -> None:
    sessions = load_rules(SHIPPED).sessions
    for number in range(KEPT_DAYS + 50):
        sessions.on(MADE.date() + timedelta(days=number), rules().calendar)
    assert len(sessions._days) <= KEPT_DAYS


def test_there_is_no_slot_outside_the_sessions_the_horizon_or_the_future() -> None:
    given().when(take(MINE, at_clinic("2027-02-13 09:00"))).then(refused(code="no-such-slot"))
    given().when(take(MINE, at_clinic("2027-08-03 09:00"))).then(refused(code="slot-too-far"))
    given().when(take(MINE, at_clinic("2027-08-02 09:00"))).then(SlotTaken)
    given().when(take(MINE, MADE)).then(refused(code="slot-passed"))
    given().when(hold(MINE)).then(like(SlotHeld, appointment_id=MINE))


@pytest.mark.parametrize(
    ("day", "starts"),
    [
        (date(2027, 3, 14), ["00:30", "03:00", "03:30"]),
        (date(2027, 3, 21), ["00:30", "01:15", "02:30", "03:00", "03:30"]),
        (date(2027, 11, 7), ["00:30", "01:15", "02:30", "03:00", "03:30"]),
    ],
    ids=["the clocks skip an hour", "no clock changes", "an hour comes twice"],
)
def test_nobody_sees_two_patients_at_once_when_the_clocks_change(day: date, starts: list[str]) -> None:
    """What begins at a time that there is not, or goes on into it, is not offered on that day."""
    lengths = {"00:30": 45, "01:15": 60, "02:30": 30, "03:00": 30, "03:30": 30}
    whose = {"clinician_id": PAUL, "discipline": "medical", "location": "main", "room": "1"}
    held = [
        {**whose, "purposes": ["review"], "weekdays": ["sunday"], "starts": [start], "minutes": minutes}
        for start, minutes in lengths.items()
    ]
    opening = {"opening": {"sunday": {"from": "00:00", "to": "23:00"}}}
    calendar = BusinessCalendar.model_validate(rules().calendar.model_dump(by_alias=True) | opening)
    slots = list(Sessions.model_validate({"templates": held}).on(day, calendar).values())
    assert [f"{calendar.local(each.start):%H:%M}" for each in slots] == starts
    assert all(before.end <= after.start for before, after in pairwise(slots))
