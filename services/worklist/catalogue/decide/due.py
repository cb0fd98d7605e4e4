"""When work is due and when a safety item must be acknowledged: pure reckoning with the clinic's calendar."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from backbone.model import Event
from config.calendar import WEEKDAYS, BusinessCalendar
from services.worklist.rules import Rules

Due = Callable[[Event[Any], Rules], datetime | None]

ONE_DAY = timedelta(days=1)


def within(setting: str) -> Due:
    """So many days after the fact, as `item.due` says; 17:00 clinic time."""

    def due(event: Event[Any], rules: Rules) -> datetime:
        return after(event.head.occurred_at, setting, rules)

    return due


def same_day(event: Event[Any], rules: Rules) -> datetime:
    """The end of the clinic's day on which it happened."""
    return rules.calendar.due(rules.calendar.day(event.head.occurred_at))


def on_day(field: str) -> Due:
    """On the day that the fact itself names."""

    def due(event: Event[Any], rules: Rules) -> datetime:
        return rules.calendar.due(getattr(event.fact, field))

    return due


def after(instant: datetime, setting: str, rules: Rules) -> datetime:
    """The end of the day that is so many business days or days after the instant's local day."""
    allowed, calendar = getattr(rules.worklist.item_due.values, setting), rules.calendar
    if allowed.business_days is not None:
        return calendar.due_in_business_days(instant, allowed.business_days)
    assert allowed.days is not None
    return calendar.due(calendar.days_later(instant, allowed.days))


def safety_due(event: Event[Any], rules: Rules) -> datetime:
    """When the work on a flag is due, by its severity."""
    raised, calendar, times = event.head.occurred_at, rules.calendar, rules.worklist.safety_times.values.due
    match event.fact.severity:
        case "emergency":
            return raised + timedelta(hours=times.emergency_hours)
        case "same_day":
            local = calendar.local(raised)
            if calendar.is_business_day(local.date()) and local.time() <= times.same_day_until:
                return calendar.due(local.date())
            return raised + timedelta(hours=times.same_day_late_hours)
        case _:
            return calendar.end_of_next_business_day(raised)


def safety_ack(event: Event[Any], rules: Rules) -> datetime:
    """The deadline of level 1 of the ladder."""
    raised = event.head.occurred_at
    allowed = getattr(rules.worklist.safety_times.values.acknowledge, event.fact.severity)
    if allowed.minutes is not None:
        return raised + timedelta(minutes=allowed.minutes)
    return clinic_hours_later(rules.calendar, raised, timedelta(hours=allowed.clinic_hours))


def clinic_hours_later(calendar: BusinessCalendar, start: datetime, hours: timedelta) -> datetime:
    """The instant at which the clinic has been open for so long since `start`."""
    day = calendar.day(start)
    left = hours
    while True:
        opens, closes = open_hours(calendar, day)
        begins = max(opens, start)
        if begins + left <= closes:
            return begins + left
        left -= max(closes - begins, timedelta(0))
        day = calendar.business_days_later(day, 1)


def open_hours(calendar: BusinessCalendar, day: date) -> tuple[datetime, datetime]:
    """From opening to closing; nothing on a day when the clinic is closed."""
    if not calendar.is_business_day(day):
        midnight = calendar.daily(day)
        return midnight, midnight
    hours = calendar.opening[WEEKDAYS[day.weekday()]]
    return calendar.at(day, hours.opens), calendar.at(day, hours.closes)
