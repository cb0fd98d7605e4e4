"""Times in which a patient is not available: a place is kept, no offer is made, and it ends by itself (ATT-06)."""

from datetime import date
from typing import Any

from schemas.scheduling.v1.unavailability import UnavailabilityEnded, UnavailabilityRecorded
from services.scheduling.unavailability.aggregate import (
    UNAVAILABILITY,
    EndUnavailability,
    RecordUnavailability,
)
from services.scheduling.waiting_list.aggregate import (
    WAITLIST_ENTRY,
    JoinList,
    NoteOffer,
    Paused,
    PauseEntry,
    Place,
    ResumeEntry,
    Waiting,
)
from tests.support.deciding import deciding, like, nothing, refused
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import (
    DAY,
    MADE,
    PATIENT,
    REQUEST,
    follows,
    rules,
)

TODAY, TOMORROW, IN_A_WEEK = date(2027, 2, 1), date(2027, 2, 2), date(2027, 2, 8)
JOIN = JoinList(place=Place(booking_request_id=REQUEST, purpose="initial_consultation", discipline="medical"))
given = deciding(UNAVAILABILITY, rules(), actor=PATIENT, at=MADE)
given_entry = deciding(WAITLIST_ENTRY, rules(), at=MADE)


def recorded(start: date, end: date | None = None) -> Any:
    fact = UnavailabilityRecorded(period_id=DAY, kind="medical", start=start, end=end)
    return follows(fact)


def ended(start: date, end: date) -> Any:
    return follows(UnavailabilityEnded(period_id=DAY, start=start, end=end))


def test_an_absence_has_a_day_on_which_it_is_over_or_none_yet() -> None:
    given().when(RecordUnavailability(kind="medical", start=TODAY)).then(
        like(UnavailabilityRecorded, end=None)
    )
    empty = RecordUnavailability(kind="medical", start=TODAY, end=TODAY)
    given().when(empty).then(refused(code="empty-period"))


def test_the_end_may_be_told_later_and_again() -> None:
    absent = given(RecordUnavailability(kind="medical", start=TODAY), EndUnavailability(end=IN_A_WEEK))
    absent.when(EndUnavailability(end=IN_A_WEEK)).then(nothing())
    absent.when(EndUnavailability(end=TODAY)).then(refused(code="empty-period"))
    absent.when(EndUnavailability(end=TOMORROW)).then(like(UnavailabilityEnded, start=TODAY, end=TOMORROW))


def test_who_is_not_available_now_is_paused_until_the_first_day_after() -> None:
    assert recorded(TODAY, IN_A_WEEK) == [PauseEntry(until=IN_A_WEEK)]
    assert recorded(TODAY) == [PauseEntry(until=None)]
    assert recorded(TOMORROW, IN_A_WEEK) == []


def test_an_absence_that_turns_out_to_be_over_lets_the_patient_wait_on() -> None:
    """An absence without an end has no timer: without this the patient would be paused for ever."""
    assert ended(date(2027, 1, 20), TODAY) == [ResumeEntry()]
    assert ended(date(2027, 1, 20), TOMORROW) == [PauseEntry(until=TOMORROW)]
    assert ended(TOMORROW, IN_A_WEEK) == []


def test_to_hear_of_an_absence_that_is_long_over_ends_no_other() -> None:
    assert recorded(date(2027, 1, 4), date(2027, 1, 11)) == []


def test_a_paused_patient_gets_no_offer_and_waits_on_at_the_day_s_begin() -> None:
    paused = given_entry(JOIN).when(PauseEntry(until=IN_A_WEEK)).then_state(Paused)
    given_entry(paused.state).when(NoteOffer(offer_id=DAY)).then(refused(code="unavailable"))
    [timer] = paused.timers.values()
    assert timer.due == at_clinic("2027-02-08 08:00")
    given_entry(paused.state, timer.due).when(timer.command).then_state(Waiting)


def test_an_absence_without_an_end_is_ended_by_nobody_but_a_person() -> None:
    assert not given_entry(JOIN).when(PauseEntry()).timers
