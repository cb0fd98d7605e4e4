"""The pathway wait: from the clock's start to the first visit, less the days on which the patient was not available."""

from collections.abc import Sequence
from datetime import date

from config.calendar import BusinessCalendar
from services.referral.referral.states import Course, Period


def unavailable_days(periods: Sequence[Period], until: date | None = None) -> int:
    """Days of all periods, merged, each counted once. A period without an end counts as far as `until`."""
    days, reached = 0, date.min
    for period in sorted(periods, key=lambda each: each.start):
        end = min(period.end or until or period.start, until or date.max)
        days += max(0, (end - max(period.start, reached)).days)
        reached = max(reached, end)
    return days


def waiting_days(course: Course, today: date, calendar: BusinessCalendar) -> int:
    """Whole days waited until the first visit, or until today (ATT-06)."""
    attended = course.visit.attended_at
    until = calendar.day(attended) if attended else today
    return (until - calendar.day(course.clock_start)).days - unavailable_days(course.unavailable, until)
