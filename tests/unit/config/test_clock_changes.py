"""Days, hours and due times in every zone: over both clock changes, on the leap day, over the year's end."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar import BusinessCalendar

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Sydney", "America/Phoenix", "Asia/Kolkata")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
DAY = timedelta(days=1)


def clinic(zone: str) -> BusinessCalendar:
    hours = {each: {"from": "08:00", "to": "17:00"} for each in WEEK}
    closed = [date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)]
    said = {"time_zone": zone, "known_until": "2028-12-31", "warn_days": 60, "due_at": "17:00"}
    holidays = [{"on": each, "name": "closed"} for each in closed]
    return BusinessCalendar.model_validate(
        said | {"daily_at": "08:00", "opening": hours, "holidays": holidays}
    )


clinics = st.sampled_from([clinic(zone) for zone in ZONES])
days = st.one_of(
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    st.sampled_from(
        [
            *(date(2027, 3, 14), date(2027, 11, 7), date(2027, 3, 28), date(2027, 10, 31)),
            *(date(2027, 4, 4), date(2027, 10, 3), date(2028, 2, 29), date(2027, 12, 31)),
        ]
    ),
)
moments = st.builds(
    lambda day, minutes: datetime.combine(day, time(), UTC) + timedelta(minutes=minutes),
    days,
    st.integers(-1440, 2880),
)


@given(clinics, days, st.times())
def test_a_time_of_day_comes_once_a_day_and_is_never_left_out(
    calendar: BusinessCalendar, day: date, clock: time
) -> None:
    today, tomorrow = calendar.at(day, clock), calendar.at(day + DAY, clock)
    assert timedelta(hours=23) <= tomorrow - today <= timedelta(hours=25)
    assert calendar.day(today) == day


@given(clinics, moments, st.integers(0, 400))
def test_days_are_counted_as_the_clinics_dates_pass(
    calendar: BusinessCalendar, moment: datetime, count: int
) -> None:
    day = calendar.days_later(moment, count)
    first, last = calendar.at(day, time()), calendar.at(day, time(23, 59))
    assert calendar.days_between(moment, first) == calendar.days_between(moment, last) == count
    assert calendar.days_between(last, moment) == -count


@given(clinics, days)
def test_what_is_due_at_the_latest_on_a_day_is_due_on_the_last_one_on_which_somebody_works(
    calendar: BusinessCalendar, day: date
) -> None:
    due = calendar.day(calendar.due_by(day))
    assert due <= day and calendar.is_business_day(due)
    assert not any(calendar.is_business_day(due + each * DAY) for each in range(1, (day - due).days + 1))
    assert calendar.local(calendar.due_by(day)).time() == time(17)


@pytest.mark.parametrize(
    ("day", "due"), [("2026-12-28", "2026-12-24"), ("2027-01-03", "2026-12-31"), ("2028-02-29", "2028-02-29")]
)
def test_over_christmas_and_new_year_it_is_due_before(day: str, due: str) -> None:
    calendar = clinic("America/New_York")
    assert calendar.day(calendar.due_by(date.fromisoformat(day))) == date.fromisoformat(due)
