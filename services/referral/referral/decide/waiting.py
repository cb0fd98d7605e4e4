"""The pathway wait: from the clock's start to the first visit, less the days on which the patient was not available."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from backbone.model import Given, Ruled, Step
from config.calendar import BusinessCalendar
from schemas.referral.v1.codes import Standing, TargetCause
from schemas.referral.v1.referral import TargetChanged
from services.referral.referral.states import Course, Period, Urgency
from services.referral.rules import Rules

LAST = date(9998, 12, 31)
"""No wait is reckoned beyond it."""


def merged(periods: Sequence[Period], since: date) -> Iterator[tuple[date, date | None]]:
    """From start to end, in order, none twice and nothing before `since`. None: its end is not known yet."""
    reached = since
    for period in sorted(periods, key=lambda each: each.start):
        start = max(period.start, reached)
        if period.end is None:
            yield start, None
            return
        if period.end > start:
            yield start, period.end
            reached = period.end


def unavailable_days(periods: Sequence[Period], until: date | None = None, since: date = date.min) -> int:
    """Days of all periods from `since` on, each counted once. A period without an end counts as far as `until`."""
    last = until or date.max
    known = [replace(each, end=min(each.end or until or each.start, last)) for each in periods]
    return sum((end - start).days for start, end in merged(known, since) if end)


def waiting_days(course: Course, today: date, calendar: BusinessCalendar) -> int:
    """Whole days waited until the first visit, or until today (ATT-06)."""
    attended, start = course.visit.attended_at, calendar.day(course.clock_start)
    until = max(calendar.day(attended) if attended else today, start)
    return (until - start).days - unavailable_days(course.unavailable, until, start)


def reached_on(course: Course, days: int, calendar: BusinessCalendar) -> date | None:
    """The first day on which the patient has waited for so many days; None while nobody knows when they are back."""
    day, left = calendar.day(course.clock_start), days
    for start, end in merged(course.unavailable, day):
        if (start - day).days >= left:
            break
        if end is None:
            return None
        left -= (start - day).days
        day = end
    return day + timedelta(days=left) if left <= (LAST - day).days else None


def target_date(course: Course, target_days: int, calendar: BusinessCalendar) -> date:
    """REF-06: from the clock's start on; unavailability moves it (ATT-06), incompleteness does not."""
    start = calendar.day(course.clock_start)
    return start + timedelta(days=target_days + unavailable_days(course.unavailable, since=start))


def target_days(course: Course, calendar: BusinessCalendar) -> int | None:
    """Within how many days of waiting the patient should be seen; None while nobody has decided."""
    if course.urgency is None:
        return None
    start = calendar.day(course.clock_start)
    deducted = unavailable_days(course.unavailable, since=start)
    return course.urgency.target_days or (course.urgency.target_date - start).days - deducted


def forecast_days(target: int, rules: Rules) -> int:
    """The first day of waiting beyond that part of the target (REF-07)."""
    return target * rules.referral.breach.values.forecast_percent // 100 + 1


def standing(course: Course, target: int, given: Given[Rules]) -> Standing:
    """How the wait stands by a target of so many days."""
    waited = waiting_days(course, given.rules.calendar.day(given.at), given.rules.calendar)
    if waited > target:
        return "late"
    return "short" if waited >= forecast_days(target, given.rules) else "in_time"


def moved(
    previous: Urgency | None, after: Course, days: int, cause: TargetCause, given: Given[Rules]
) -> list[Step]:
    """The date by which the patient should be seen, if it is another one than was told. `days`: within which."""
    target = target_date(after, days, given.rules.calendar)
    if previous is None or previous.target_date == target:
        return []
    how = standing(after, days, given)
    changed = TargetChanged(target_date=target, previous=previous.target_date, cause=cause, standing=how)
    return [Ruled(changed, (given.rules.referral.target,))]
