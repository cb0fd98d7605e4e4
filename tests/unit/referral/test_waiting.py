"""How long a patient waited: absences are merged and deducted (ATT-06)."""

from datetime import date

from services.referral.domain.referral.states import Period
from services.referral.domain.waiting import unavailable_days

FIRST = Period("first", date(2027, 3, 1), date(2027, 3, 8))
SECOND = Period("second", date(2027, 3, 5), date(2027, 3, 11))


def test_days_of_two_absences_that_overlap_are_deducted_once() -> None:
    assert unavailable_days((FIRST, SECOND)) == 10


def test_absences_apart_from_each_other_add_up() -> None:
    assert unavailable_days((FIRST, Period("later", date(2027, 4, 1), date(2027, 4, 3)))) == 9


def test_an_absence_without_an_end_counts_as_far_as_asked_and_no_future_day_does() -> None:
    begun = Period("begun", date(2027, 3, 1))
    assert unavailable_days((begun,), until=date(2027, 3, 4)) == 3
    assert unavailable_days((FIRST, SECOND), until=date(2027, 3, 3)) == 2
