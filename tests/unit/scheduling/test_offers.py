"""Offers, agreed dates and moves: ATT-01, SCH-01."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentConfirmed, AppointmentMoved
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired, SlotOffered
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import (
    BookDate,
    Confirm,
    DeclineOffer,
    ExpireOffer,
    MarkInError,
    MoveDate,
    OfferDates,
)
from services.scheduling.appointment.facts import Relocated
from services.scheduling.appointment.states import Booked, InError, Waiting
from services.scheduling.referral_record.states import Record
from services.scheduling.slot.states import SlotTime
from tests.support.deciding import TARGET, deciding, like, nothing, refused, ruled
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import (
    CLERK,
    COORDINATOR,
    DAY,
    FIRST_VISIT,
    IN_9_DAYS,
    IN_10_DAYS,
    IN_11_DAYS,
    MADE,
    MAYA,
    PATIENT,
    PAUL,
    REQUEST,
    rules,
    visit,
)

given = deciding(APPOINTMENT, rules(), actor=COORDINATOR, at=MADE)
HELD_UNTIL = at_clinic("2027-02-03 09:00")


def offer(*starts: datetime, **changes: Any) -> OfferDates:
    said: dict[str, Any] = {"matter": FIRST_VISIT, "offer_id": DAY, "mode": "phone", "hold_until": HELD_UNTIL}
    return OfferDates(**said | {"choices": tuple(SlotTime(PAUL, start) for start in starts)} | changes)


def book(start: datetime = IN_10_DAYS, who: str = PAUL, **changes: Any) -> BookDate:
    said: dict[str, Any] = {"matter": FIRST_VISIT, "clinician_id": who, "start": start}
    return BookDate(**said | changes)


def move(start: datetime, who: str = PAUL, **changes: Any) -> MoveDate:
    said: dict[str, Any] = {"clinician_id": who, "start": start, "by": "clinic", "reason": "ill"}
    return MoveDate(**said | changes)


def test_two_dates_with_ten_days_notice_are_a_reasonable_offer() -> None:
    told = like(SlotOffered, reasonable=True, notice_days=10, hold_until=HELD_UNTIL)
    given().when(offer(IN_10_DAYS, IN_11_DAYS)).then(ruled(told, "ATT-01"))


@pytest.mark.parametrize(
    ("starts", "notice"),
    [((IN_9_DAYS,), 9), ((IN_9_DAYS, IN_10_DAYS), 9), ((IN_10_DAYS,), 10), ((IN_10_DAYS, IN_10_DAYS), 10)],
    ids=["nine days, one date", "one of them in nine days", "one date", "one date twice"],
)
def test_less_notice_or_one_date_is_not_reasonable_and_to_decline_it_does_not_count(
    starts: tuple[datetime, ...], notice: int
) -> None:
    offered = given().when(offer(*starts)).then(like(SlotOffered, reasonable=False, notice_days=notice))
    refusing = given(offered.state).beside({TARGET: Record()}).when(PATIENT, DeclineOffer(offer_id=DAY))
    refusing.then(like(OfferDeclined, counts=False, count=0)).then_state(Waiting)


def test_two_times_on_one_day_are_one_date() -> None:
    later = at_clinic("2027-02-11 10:30")
    given().when(offer(IN_10_DAYS, later)).then(like(SlotOffered, reasonable=False))


def test_notice_is_counted_in_days_of_the_clinic_whatever_the_hour() -> None:
    """21:00 at the clinic is the next day in UTC."""
    late = at_clinic("2027-02-01 21:00")
    told = like(SlotOffered, reasonable=True, notice_days=10)
    given(late).when(offer(IN_10_DAYS, IN_11_DAYS)).then(told)


def test_a_reasonable_offer_declined_is_one_more() -> None:
    known = Record(refused=(REQUEST,))
    offered = given(offer(IN_10_DAYS, IN_11_DAYS)).beside({TARGET: known})
    offered.when(PATIENT, DeclineOffer(offer_id=DAY)).then(like(OfferDeclined, counts=True, count=2))


def test_an_offer_that_nobody_answered_does_not_count() -> None:
    offered = given(offer(IN_10_DAYS, IN_11_DAYS))
    told = offered.when(ExpireOffer(offer_id=DAY)).then(like(OfferExpired, counts=False))
    given(told.state).when(ExpireOffer(offer_id=DAY)).then(nothing())


@pytest.mark.parametrize("chosen", [IN_10_DAYS, IN_9_DAYS], ids=["an offered one", "another one"])
def test_who_agrees_on_a_date_without_the_offer_answers_it_no_more(chosen: datetime) -> None:
    """What it holds is free again when that is told."""
    offered = given(offer(IN_10_DAYS, IN_11_DAYS))
    told = offered.when(PATIENT, book(chosen, short_notice_accepted=True))
    told.then(like(OfferExpired, offer_id=DAY, counts=False), AppointmentBooked).then_state(Booked)


def test_who_takes_a_date_of_an_offer_has_answered_it() -> None:
    given(offer(IN_10_DAYS, IN_11_DAYS)).when(PATIENT, book(IN_11_DAYS, offer_id=DAY)).then(AppointmentBooked)


def test_only_an_offered_date_can_be_accepted_and_its_notice_was_agreed() -> None:
    offered = offer(IN_9_DAYS, IN_10_DAYS)
    given(offered).when(PATIENT, book(IN_11_DAYS, offer_id=DAY)).then(refused(code="not-offered"))
    given(offered).when(PATIENT, book(IN_9_DAYS, MAYA, offer_id=DAY)).then(refused(code="not-offered"))
    given(offered).when(PATIENT, book(IN_9_DAYS, offer_id=REQUEST)).then(refused(code="offer-over"))
    given(offered).when(PATIENT, book(IN_9_DAYS, offer_id=DAY)).then(like(AppointmentBooked, notice_days=9))


def test_short_notice_only_if_the_patient_accepts_it() -> None:
    given().when(book(IN_9_DAYS)).then(refused(code="short-notice"))
    given().when(book(IN_10_DAYS)).then(AppointmentBooked)
    given().when(book(IN_9_DAYS, short_notice_accepted=True)).then(like(AppointmentBooked, notice_days=9))


def test_an_open_offer_of_other_dates_agrees_to_no_short_notice() -> None:
    given(offer(IN_10_DAYS, IN_11_DAYS)).when(book(IN_9_DAYS)).then(refused(code="short-notice"))


def test_a_slot_of_another_purpose_is_refused() -> None:
    given().when(book(at_clinic("2027-02-11 13:00"))).then(refused(code="unfit-slot"))
    given().when(offer(at_clinic("2027-02-11 09:15"))).then(refused(code="no-such-slot"))


def test_a_move_keeps_the_appointment_and_raises_its_version_by_one() -> None:
    told = like(AppointmentMoved, version=2, previous_version=1, previous_start=IN_10_DAYS, start=IN_11_DAYS)
    moved = given(book()).when(move(IN_11_DAYS)).then(told).then_state(Booked)
    given(moved.state).when(move(IN_10_DAYS)).then(like(AppointmentMoved, version=3, previous_version=2))


def test_a_move_to_the_same_date_is_none() -> None:
    given(book()).when(move(IN_10_DAYS)).then(nothing())


def test_a_move_to_another_clinician_at_the_same_time_is_a_move() -> None:
    given(book()).when(move(IN_10_DAYS, MAYA)).then(like(AppointmentMoved, version=2, clinician_id=MAYA))


def test_a_move_to_another_place_says_so() -> None:
    matter: Any = {"booking_request_id": REQUEST, "purpose": "session", "discipline": "psychology"}
    priya, leo = (rules().staff.by_login[login].id for login in ("priya.nair", "leo.marsh"))
    at = at_clinic("2027-02-11 08:30")
    session = book(at, priya, matter=type(FIRST_VISIT)(**matter))
    moved = given(session).when(move(at, leo)).then(AppointmentMoved, Relocated(location="north"))
    assert moved.state.date.location == "north"


def test_a_late_answer_about_the_old_date_confirms_nothing() -> None:
    old, new = (Confirm(via="reply", version=version) for version in (1, 2))
    given(book(), move(IN_11_DAYS)).when(old).then(nothing())
    given(book(), move(IN_11_DAYS)).when(new).then(AppointmentConfirmed(version=2, via="reply"))


def test_a_confirmation_of_the_old_date_is_none_of_the_new_one() -> None:
    confirmed = Confirm(via="phone")
    moved = given(book(), confirmed, move(IN_11_DAYS))
    moved.when(confirmed).then(AppointmentConfirmed(version=2, via="phone"))


def test_a_patient_moves_as_the_patient() -> None:
    given(book(), PATIENT).when(move(IN_11_DAYS)).then(refused(code="not-permitted"))
    given(book(), PATIENT).when(move(IN_11_DAYS, by="patient")).then(like(AppointmentMoved, by="patient"))


def test_an_offer_may_be_entered_in_error() -> None:
    visit(offer(IN_10_DAYS)).when(CLERK, MarkInError(reason="wrong_patient")).then_state(InError)


def test_a_time_that_is_over_is_no_date_however_much_the_patient_agrees() -> None:
    over = IN_10_DAYS - timedelta(weeks=2)
    visit().when(book(over, short_notice_accepted=True)).then(refused(code="time-is-over"))
    visit(book()).when(move(over)).then(refused(code="time-is-over"))
    visit().when(offer(over, IN_10_DAYS)).then(refused(code="time-is-over"))
