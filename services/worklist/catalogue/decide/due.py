"""When work is due and when a safety item must be acknowledged: pure reckoning with the clinic's calendar."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from backbone.model import Event
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.codes import Severity
from schemas.fact import Fact
from schemas.notifications.v1.message import MessageReplied
from schemas.referral.v1.referral import RedFlagRaised, TriageSuggested
from services.worklist.rules import Days, ItemDue, Rules

Due = Callable[[Event[Any], Rules], datetime]
Setting = Callable[[ItemDue], Days]
Safety = RedFlagRaised | SafetyAlertRaised | MessageReplied


class Names:
    """Each setting as its own name."""

    def __getattr__(self, name: str) -> str:
        if name in ItemDue.model_fields:
            return name
        raise AttributeError(f"{name} is no due time: add it to ItemDue in services/worklist/rules.py")


NAMES: Any = Names()


class Within:
    """So many days after a fact, as `item.due` says; 17:00 clinic time. Or so many hours. Without such a setting:
    AttributeError."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.reads = frozenset({str(setting(NAMES))})

    def __call__(self, event: Event[Fact], rules: Rules) -> datetime:
        allowed, calendar = self._setting(rules.worklist.item_due.values), rules.calendar
        if allowed.hours is not None:
            return event.head.occurred_at + timedelta(hours=allowed.hours)
        if allowed.business_days is not None:
            return calendar.due_in_business_days(event.head.occurred_at, allowed.business_days)
        assert allowed.days is not None
        return calendar.due(calendar.days_later(event.head.occurred_at, allowed.days))


class SameTime(Within):
    """So many days after a moment that the fact tells of, when the clinic's clocks show the same time; or so many hours
    after it."""

    def __init__(self, setting: Setting, moment: Callable[[Fact], datetime]) -> None:
        super().__init__(setting)
        self._moment = moment

    def __call__(self, event: Event[Fact], rules: Rules) -> datetime:
        allowed, since = self._setting(rules.worklist.item_due.values), self._moment(event.fact)
        if allowed.hours is not None:
            return since + timedelta(hours=allowed.hours)
        assert allowed.days is not None, "such a time is set in calendar days or in hours"
        calendar = rules.calendar
        return calendar.at(calendar.days_later(since, allowed.days), calendar.local(since).time())


class SoonOrWithin:
    """One setting for what the urgency scheme wants soon, another for the rest."""

    def __init__(self, soon: Setting, otherwise: Setting) -> None:
        self._soon, self._otherwise = Within(soon), Within(otherwise)
        self.reads = self._soon.reads | self._otherwise.reads

    def __call__(self, event: Event[TriageSuggested], rules: Rules) -> datetime:
        return (self._soon if rules.is_soon(event.fact.category) else self._otherwise)(event, rules)


class BeforeStop(Within):
    """As `setting` says; at the latest so long before the first drug would have to stop, where that is known. What is
    late already is due today, and before the drug has to stop."""

    def __init__(self, setting: Setting, before: Setting) -> None:
        super().__init__(setting)
        self._before, self.reads = before, self.reads | Within(before).reads

    def __call__(self, event: Event[Any], rules: Rules) -> datetime:
        within, stop = super().__call__(event, rules), event.fact.first_stop_at
        if stop is None:
            return within
        calendar, days = rules.calendar, self._before(rules.worklist.item_due.values).days or 0
        soonest: datetime = min(end_of(None, event, rules), max(stop, event.head.occurred_at))
        return min(within, max(calendar.due_by(calendar.days_later(stop, -days)), soonest))


class Before:
    """As it says otherwise, and in time for what it serves: where that is earlier, on the last working day before; what
    is too late for that, by the very moment. `moment`: None where nothing waits for it."""

    def __init__(self, due: Due, moment: Callable[[Any, Rules], datetime | None]) -> None:
        self._due, self._moment = due, moment
        self.reads: frozenset[str] = getattr(due, "reads", frozenset())

    def __call__(self, event: Event[Any], rules: Rules) -> datetime:
        due, moment, now = self._due(event, rules), self._moment(event.fact, rules), event.head.occurred_at
        if moment is None or due <= moment or moment <= now:
            return due
        last = rules.calendar.due_by(rules.calendar.days_later(moment, -1))
        return last if last > now else moment


def start_of(fact: Any, rules: Rules) -> datetime | None:
    """Of the visit that it is about."""
    start: datetime | None = fact.start
    return start


def start_of_day(fact: Any, rules: Rules) -> datetime | None:
    """Where no more is known than the day on which it is."""
    return rules.calendar.daily(fact.on) if fact.on else None


def end_of(day: date | None, event: Event[Fact], rules: Rules) -> datetime:
    """The end of the clinic's day; without one, of the day on which it happened: no work is without a due time."""
    return rules.calendar.due(day or rules.calendar.day(event.head.occurred_at))


def severity_of(event: Event[Safety]) -> Severity:
    assert event.fact.severity is not None, "only what is severe opens such an item"
    return event.fact.severity


def safety_due(event: Event[Safety], rules: Rules) -> datetime:
    """When the work on a flag is due, by its severity."""
    raised, calendar, times = event.head.occurred_at, rules.calendar, rules.worklist.safety_times.values.due
    match severity_of(event):
        case "emergency":
            return raised + timedelta(hours=times.emergency_hours)
        case "same_day":
            local = calendar.local(raised)
            if calendar.is_business_day(local.date()) and local.time() <= times.same_day_until:
                return calendar.due(local.date())
            return raised + timedelta(hours=times.same_day_late_hours)
        case _:
            return calendar.end_of_next_business_day(raised)


def safety_ack(event: Event[Safety], rules: Rules) -> datetime:
    """The deadline of level 1 of the ladder; later ones come with the facts of the escalation."""
    ladder = rules.escalation.ladder(severity_of(event))
    return ladder.deadline(1, event.head.occurred_at, rules.calendar)


def at_once(event: Event[Fact], rules: Rules) -> datetime:
    return event.head.occurred_at
