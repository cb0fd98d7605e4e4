"""While no date may be given nobody is late with one, until somebody looks at it again."""

from datetime import date

from schemas.scheduling.v1.booking import BookingSuspended, BookingTakenUp
from tests.support.desk import Desk, clinic
from tests.support.referral_facts import BOOKING, booking_requested

UNTIL_LOOKED_AT = BookingSuspended(booking_request_id=BOOKING, until=date(2027, 3, 1))
SUSPENDED = BookingSuspended(booking_request_id=BOOKING)
TAKEN_UP = BookingTakenUp(booking_request_id=BOOKING)


async def test_what_can_not_be_booked_is_not_overdue_before_the_plan_is_reviewed() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(booking_requested())
    await desk.tell(UNTIL_LOOKED_AT, at="2027-01-11 11:00")
    await desk.wait("2027-03-01 16:00")
    assert (desk.the("BOOK_VISIT").item.level, desk.facts().count("item_escalated")) == (0, 0)
    await desk.wait("2027-03-01 18:00")
    assert desk.the("BOOK_VISIT").item.level == 1, "nobody has said how the plan goes on"


async def test_what_waits_for_an_activity_or_a_cancellation_is_due_on_no_day() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(booking_requested())
    await desk.tell(SUSPENDED, at="2027-01-11 11:00")
    await desk.wait("2027-06-01 18:00")
    assert desk.the("BOOK_VISIT").item.due_at is None
    assert desk.facts().count("item_escalated") == 0


async def test_when_dates_may_be_given_again_they_are_due_anew() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(booking_requested())
    allowed = desk.the("BOOK_VISIT").item.due_at - clinic("2027-01-11 17:00")
    await desk.tell(UNTIL_LOOKED_AT, at="2027-01-11 11:00")
    await desk.tell(SUSPENDED, at="2027-01-12 11:00")
    await desk.tell(TAKEN_UP, at="2027-01-25 11:00")
    assert desk.the("BOOK_VISIT").item.due_at == clinic("2027-01-25 17:00") + allowed


async def test_a_request_of_another_activity_is_due_as_before() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(booking_requested())
    due_at = desk.the("BOOK_VISIT").item.due_at
    await desk.tell(
        BookingSuspended(booking_request_id="5b0c3f3e-3f1c-5c0e-8d0a-0a7d4e0d1c11"), at="2027-01-11 11:00"
    )
    assert desk.the("BOOK_VISIT").item.due_at == due_at
