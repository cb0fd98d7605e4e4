"""The clinic's calendar: business days and due times, over both clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar import WEEKDAYS, BusinessCalendar

NEW_YORK = BusinessCalendar.model_validate(
    {
        "time_zone": "America/New_York",
        "known_until": "2028-12-31",
        "warn_days": 60,
        "due_at": "17:00",
        "daily_at": "08:00",
        "opening": {
            day: {"from": "08:00", "to": "17:00"}
            for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
        },
        "holidays": [{"on": date(2027, 3, 15), "name": "the Monday after the clock change"}],
    }
)
SPRING_FORWARD, FALL_BACK = date(2027, 3, 14), date(2027, 11, 7)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
instants = st.builds(
    lambda day, seconds: datetime.combine(day, time(0), UTC) + timedelta(seconds=seconds),
    days,
    st.floats(0, 86_399),
)
around_clock_changes = st.builds(
    lambda day, minutes: datetime.combine(day, time(0), UTC) + timedelta(minutes=minutes),
    st.sampled_from((SPRING_FORWARD, FALL_BACK)),
    st.integers(-600, 2400),
)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_one_business_day_from_monday_is_due_on_tuesday_at_17() -> None:
    assert NEW_YORK.due_in_business_days(instant("2027-01-04T14:00Z"), 1) == instant("2027-01-05T17:00-05:00")


def test_five_business_days_cross_one_weekend() -> None:
    assert NEW_YORK.due_in_business_days(instant("2027-01-11T15:00Z"), 5) == instant("2027-01-18T22:00Z")


def test_a_holiday_is_not_counted() -> None:
    assert NEW_YORK.business_days_later(date(2027, 3, 12), 1) == date(2027, 3, 16)


def test_the_same_clock_time_is_another_instant_after_the_clock_change() -> None:
    assert NEW_YORK.at(date(2027, 3, 12), time(9)) == instant("2027-03-12T14:00Z")
    assert NEW_YORK.at(date(2027, 3, 16), time(9)) == instant("2027-03-16T13:00Z")


def test_a_time_that_the_clock_change_skips_counts_as_an_hour_later() -> None:
    assert NEW_YORK.at(SPRING_FORWARD, time(2, 30)) == instant("2027-03-14T03:30-04:00")


def test_a_time_that_comes_twice_counts_as_the_first() -> None:
    second = NEW_YORK.local(instant("2027-11-07T01:30-05:00")).time()
    assert NEW_YORK.at(FALL_BACK, second) == instant("2027-11-07T01:30-04:00"), (
        "whichever was read off a clock"
    )
    assert NEW_YORK.at(FALL_BACK, time(1, 30)) == instant("2027-11-07T01:30-04:00")


def test_late_evening_at_the_clinic_is_still_the_same_day() -> None:
    assert NEW_YORK.day(instant("2027-01-05T04:59Z")) == date(2027, 1, 4)
    assert NEW_YORK.day(instant("2027-01-05T05:00Z")) == date(2027, 1, 5)


def test_the_clinic_is_open_from_8_until_just_before_17() -> None:
    assert NEW_YORK.is_open(instant("2027-01-04T13:00Z"))
    assert not NEW_YORK.is_open(instant("2027-01-04T22:00Z"))
    assert not NEW_YORK.is_open(instant("2027-01-09T15:00Z"))


@given(st.one_of(instants, around_clock_changes))
def test_a_kept_answer_is_the_answer(moment: datetime) -> None:
    assert NEW_YORK.day(moment) == moment.astimezone(NEW_YORK.zone).date()


@given(days, st.integers(1, 30))
def test_business_days_later_is_a_business_day_with_as_many_in_between(day: date, count: int) -> None:
    later = NEW_YORK.business_days_later(day, count)
    passed = [day + timedelta(days=n) for n in range(1, (later - day).days + 1)]
    assert NEW_YORK.is_business_day(later)
    assert sum(NEW_YORK.is_business_day(each) for each in passed) == count


opened = st.sets(st.sampled_from(WEEKDAYS), min_size=1)
closed = st.sets(st.dates(date(2027, 1, 1), date(2027, 6, 30)), max_size=40)


@given(opened, closed, st.dates(date(2027, 1, 1), date(2027, 6, 30)), st.integers(0, 60))
def test_weeks_and_holidays_are_reckoned_as_one_would_count_them(
    opened: set[str], closed: set[date], day: date, count: int
) -> None:
    calendar = BusinessCalendar.model_validate(
        NEW_YORK.model_dump(exclude={"opening", "holidays"})
        | {"opening": {each: {"from": "08:00", "to": "17:00"} for each in opened}}
        | {"holidays": [{"on": each, "name": "closed"} for each in closed]}
    )
    found = calendar.business_days_later(day, count)
    counted = (day + timedelta(days=n) for n in range(count > 0, 800))
    business = [each for each in counted if calendar.is_business_day(each)]
    assert found == business[max(count - 1, 0)]


@pytest.mark.parametrize("days", [-1, 10_001, 1_000_000])
def test_nobody_counts_as_far_as_one_likes(days: int) -> None:
    with pytest.raises(ValueError, match="at most 10000"):
        NEW_YORK.business_days_later(date(2027, 1, 4), days)


def test_forty_years_are_reckoned_in_weeks() -> None:
    assert NEW_YORK.business_days_later(date(2027, 1, 4), 10_000) == date(2065, 5, 5)


@given(days, st.integers(0, 10), st.integers(0, 10))
def test_business_days_add_up(day: date, first: int, second: int) -> None:
    at_once = NEW_YORK.business_days_later(NEW_YORK.business_days_later(day, 0), first + second)
    in_two = NEW_YORK.business_days_later(NEW_YORK.business_days_later(day, first), second)
    assert at_once == in_two or not NEW_YORK.is_business_day(day)


@given(st.one_of(instants, around_clock_changes), st.integers(1, 5))
def test_what_is_due_in_business_days_is_due_later_and_at_17_local(moment: datetime, count: int) -> None:
    due = NEW_YORK.due_in_business_days(moment, count)
    assert due > moment
    assert NEW_YORK.local(due).time() == time(17)


@given(days, st.times())
def test_a_local_time_comes_back_unless_the_clock_change_skips_it(day: date, clock: time) -> None:
    moment = NEW_YORK.at(day, clock)
    shown = NEW_YORK.local(moment).replace(tzinfo=None)
    assert moment.tzinfo is UTC
    assert shown - datetime.combine(day, clock) in (timedelta(0), timedelta(hours=1))


def test_what_is_due_on_a_day_when_the_clinic_is_closed_is_due_on_the_next_one() -> None:
    assert NEW_YORK.due(date(2026, 11, 28)) == NEW_YORK.due(date(2026, 11, 30))
    assert NEW_YORK.day(NEW_YORK.due(date(2026, 11, 29))) == date(2026, 11, 30)


def test_the_end_of_the_calendar_is_told_60_days_before() -> None:
    last = datetime(2028, 12, 31, 17, tzinfo=UTC)
    assert not NEW_YORK.notices(last - timedelta(days=61))
    [told] = NEW_YORK.notices(last - timedelta(days=60))
    assert "2028-12-31" in told and "60 days" in told
    for days, words in (
        (1, "tomorrow: enter those that follow"),
        (0, "today: enter"),
        (-1, "which is past: enter"),
    ):
        [told] = NEW_YORK.notices(last - timedelta(days=days))
        assert f"until 2028-12-31, {words}" in told
