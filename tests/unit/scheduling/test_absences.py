"""Times in which a patient is not available: a place is kept, no offer is made, and it ends by itself (ATT-06)."""

from datetime import date, timedelta

import pytest

from backbone.ids import ROOT, derive
from backbone.model import Actor
from schemas.scheduling.v1.unavailability import (
    UnavailabilityEnded,
    UnavailabilityRecorded,
    UnavailabilityRefused,
    UnavailabilityRequested,
)
from services.scheduling.unavailability.aggregate import (
    UNAVAILABILITY,
    DecideAbsence,
    EndUnavailability,
    RecordUnavailability,
)
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY
from services.scheduling.waiting_list.commands import GoBack, JoinList, LeaveList, NoteAbsence, NoteOffer
from services.scheduling.waiting_list.states import Left, Paused, Place, Waiting
from tests.support.deciding import deciding, like, nothing, refused, ruled
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import (
    COORDINATOR,
    DAY,
    MADE,
    PATIENT,
    PHYSICIAN,
    REQUEST,
    rules,
)

OTHER = derive(ROOT, "another absence")
TODAY, TOMORROW, IN_A_WEEK = date(2027, 2, 1), date(2027, 2, 2), date(2027, 2, 8)
JOIN = JoinList(place=Place(booking_request_id=REQUEST, purpose="initial_consultation", discipline="medical"))
given = deciding(UNAVAILABILITY, rules(), actor=PATIENT, at=MADE)
given_entry = deciding(WAITLIST_ENTRY, rules(), at=MADE)


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


@pytest.mark.parametrize(("days", "wished"), [(90, False), (91, True)])
def test_what_a_patient_enters_counts_up_to_a_number_of_days_and_the_rest_is_a_wish(
    days: int, wished: bool
) -> None:
    absence = RecordUnavailability(kind="patient_advised", start=TODAY, end=TODAY + timedelta(days=days))
    counts = like(UnavailabilityRecorded, end=TODAY + timedelta(days=90))
    wish = [like(UnavailabilityRequested, end=absence.end)] * wished
    given().when(absence).then(ruled(counts, "unavailability.days"), *wish)
    given(COORDINATOR).when(absence).then(like(UnavailabilityRecorded, end=absence.end))


def test_a_wish_is_granted_or_refused_by_name_and_once() -> None:
    end = TODAY + timedelta(days=200)
    wish = RecordUnavailability(kind="medical", start=TODAY, end=end)
    granted, no = DecideAbsence(decision="grant"), DecideAbsence(decision="refuse")
    for decision, other, fact in (
        (granted, no, UnavailabilityEnded),
        (no, granted, UnavailabilityRefused),
    ):
        decided = given(wish, COORDINATOR)
        decided.when(decision).then(like(fact, end=end, decided_by=COORDINATOR.id))
        decided.when(decision).then(nothing())
        decided.when(other).then(refused(code="nothing-asked"))


def test_what_was_granted_stays_granted_when_the_patient_comes_back_earlier() -> None:
    end = TODAY + timedelta(days=200)
    granted = given(
        RecordUnavailability(kind="medical", start=TODAY, end=end),
        *(COORDINATOR, DecideAbsence(decision="grant"), PATIENT),
    )
    earlier = end - timedelta(days=50)
    granted.when(EndUnavailability(end=earlier)).then(like(UnavailabilityEnded, end=earlier, decided_by=None))
    later = end + timedelta(days=50)
    granted.when(EndUnavailability(end=later)).then(like(UnavailabilityRequested, end=later))


def test_a_wish_is_taken_back_by_a_shorter_one() -> None:
    end = TODAY + timedelta(days=200)
    wished = given(RecordUnavailability(kind="medical", start=TODAY, end=end))
    wished.when(EndUnavailability(end=end)).then(nothing())
    within = TODAY + timedelta(days=90)
    after = wished.when(EndUnavailability(end=within)).then(like(UnavailabilityEnded, end=within))
    assert after.state.wished is None


def test_an_absence_from_the_first_day_to_the_last_is_nobodys() -> None:
    """It was counted day by day, and each day that is counted is a day that the target moves."""
    for actor in (PATIENT, COORDINATOR, PHYSICIAN):
        for start, end in (
            (date.min, date.max),
            (TODAY, date.max),
            (date.min, TODAY),
            (date(2097, 1, 1), None),
        ):
            command = RecordUnavailability(kind="patient_advised", start=start, end=end)
            assert given(actor).when(command).refusal is not None


@pytest.mark.parametrize(("actor", "days", "allowed"), [(PATIENT, 90, 91), (COORDINATOR, 1096, 1097)])
def test_an_absence_of_long_ago_is_not_entered_today(actor: Actor, days: int, allowed: int) -> None:
    start = TODAY - timedelta(days=days)
    given(actor).when(RecordUnavailability(kind="medical", start=start)).then(UnavailabilityRecorded)
    before = RecordUnavailability(kind="medical", start=TODAY - timedelta(days=allowed))
    given(actor).when(before).then(refused(code="start-too-far"))


def test_an_open_absence_that_the_patient_ends_counts_up_to_as_many_days() -> None:
    counts = like(UnavailabilityEnded, end=TODAY + timedelta(days=90))
    for end in (date(2027, 8, 2), date(2027, 8, 3)):
        absent = given(RecordUnavailability(kind="medical", start=TODAY), at_clinic("2027-08-02 09:00"))
        absent.when(EndUnavailability(end=end)).then(counts, like(UnavailabilityRequested, end=end))


def absent(start: date, end: date | None = None, period: str = DAY) -> NoteAbsence:
    return NoteAbsence(period_id=period, start=start, end=end)


def test_who_is_not_available_now_is_paused_until_the_first_day_after() -> None:
    assert given_entry(JOIN).when(absent(TODAY, IN_A_WEEK)).then_state(Paused).state.until == IN_A_WEEK
    assert given_entry(JOIN).when(absent(TODAY)).then_state(Paused).state.until is None


def test_who_will_not_be_available_is_paused_on_that_day() -> None:
    result = given_entry(JOIN).when(absent(TOMORROW, IN_A_WEEK)).then_state(Waiting)
    [timer] = result.timers.values()
    assert timer.due == rules().calendar.daily(TOMORROW)
    paused = given_entry(result.state, timer.due).when(timer.command).then_state(Paused)
    assert paused.state.until == IN_A_WEEK


def test_absences_that_overlap_or_touch_are_one() -> None:
    longer = IN_A_WEEK + timedelta(days=3)
    steps = (JOIN, absent(TODAY, IN_A_WEEK))
    paused = given_entry(*steps).when(absent(TOMORROW, longer, period=OTHER)).then_state(Paused)
    assert paused.state.until == longer
    touching = given_entry(*steps).when(absent(IN_A_WEEK, longer, period=OTHER)).then_state(Paused)
    assert touching.state.until == longer
    inside = given_entry(*steps).when(absent(TODAY, TOMORROW, period=OTHER)).then_state(Paused)
    assert inside.state.until == IN_A_WEEK


def test_an_absence_that_turns_out_to_be_over_lets_the_patient_wait_on() -> None:
    """An absence without an end has no timer: without this the patient would be paused for ever."""
    begun = (JOIN, absent(TODAY))
    given_entry(*begun, rules().calendar.daily(TOMORROW)).when(absent(TODAY, TOMORROW)).then_state(Waiting)
    assert given_entry(*begun).when(absent(TODAY, TOMORROW)).then_state(Paused).state.until == TOMORROW


def test_to_hear_of_an_absence_that_is_long_over_ends_no_other() -> None:
    given_entry(JOIN).when(absent(date(2027, 1, 4), date(2027, 1, 11))).then(nothing())


def test_who_is_away_when_an_offer_ends_is_paused() -> None:
    offered = given_entry(JOIN, NoteOffer(offer_id=DAY), absent(TODAY, IN_A_WEEK))
    offered.when(GoBack(offer_id=DAY)).then_state(Paused)


def test_a_paused_patient_gets_no_offer_and_waits_on_at_the_day_s_begin() -> None:
    paused = given_entry(JOIN).when(absent(TODAY, IN_A_WEEK)).then_state(Paused)
    given_entry(paused.state).when(NoteOffer(offer_id=DAY)).then(refused(code="unavailable"))
    [timer] = paused.timers.values()
    assert timer.due == at_clinic("2027-02-08 08:00")
    given_entry(paused.state, timer.due).when(timer.command).then_state(Waiting)


def test_whose_referral_ends_leaves_the_list_also_while_away() -> None:
    given_entry(JOIN, absent(TODAY)).when(LeaveList(reason="discharged")).then_state(Left)


def test_an_absence_without_an_end_is_ended_by_nobody_but_a_person() -> None:
    assert not given_entry(JOIN).when(absent(TODAY)).timers
