"""How long a patient waited: absences are merged and deducted (ATT-06)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.referral.referral.decide.waiting import unavailable_days
from services.referral.referral.states import Period

FIRST = Period("first", date(2027, 3, 1), date(2027, 3, 8))
SECOND = Period("second", date(2027, 3, 5), date(2027, 3, 11))


def day(number: int) -> date:
    return date(2027, 1, 1) + timedelta(days=number)


def test_days_of_two_absences_that_overlap_are_deducted_once() -> None:
    assert unavailable_days((FIRST, SECOND)) == 10


def test_absences_apart_from_each_other_add_up() -> None:
    assert unavailable_days((FIRST, Period("later", date(2027, 4, 1), date(2027, 4, 3)))) == 9


def test_an_absence_without_an_end_counts_as_far_as_asked_and_no_future_day_does() -> None:
    begun = Period("begun", date(2027, 3, 1))
    assert unavailable_days((begun,), until=date(2027, 3, 4)) == 3
    assert unavailable_days((FIRST, SECOND), until=date(2027, 3, 3)) == 2


@given(
    st.lists(st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 40))), max_size=6),
    st.one_of(st.none(), st.integers(0, 40)),
)
def test_days_are_those_that_counting_each_would_find(spans, until):
    periods = [Period(period_id="", start=day(a), end=None if b is None else day(b)) for a, b in spans]
    last = None if until is None else day(until)
    counted = {
        each
        for period in periods
        for each in (day(n) for n in range(41))
        if period.start <= each < (period.end or last or period.start) and (last is None or each < last)
    }
    assert unavailable_days(periods, last) == len(counted)


def test_the_longest_periods_cost_nothing():
    periods = [Period(period_id="", start=date.min, end=date.max)] * 3
    assert unavailable_days(periods) == (date.max - date.min).days
