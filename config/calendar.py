"""The clinic's calendar: clinic-local days, business days and due times. Every instant that goes out is
aware UTC.

A local time that a clock change skips counts as the instant after the gap of the same length; one that
comes twice
counts as the first. Answers are kept: this is asked for every event.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from config.rules import Values
from schemas.said import TimeZone

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)
MOST_BUSINESS_DAYS = 10_000
"""About forty years: no rule looks further."""
BLOCK_SECONDS = 900
"""Offsets from UTC change, and local days begin, only on quarters of an hour."""

KEPT = 65_536
"""Answers kept of each kind."""


def clock_time(value: Any) -> Any:
    return time.fromisoformat(value) if isinstance(value, str) else value


ClockTime = Annotated[time, BeforeValidator(clock_time)]


class Hours(Values):
    opens: ClockTime = Field(alias="from")
    closes: ClockTime = Field(alias="to")

    @model_validator(mode="after")
    def closes_after_it_opens(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes before it opens")
        return self


class Holiday(Values):
    on: date
    name: str


class BusinessCalendar(Values):
    """`calendar.toml`, and everything that follows from it."""

    time_zone: TimeZone
    due_at: ClockTime
    daily_at: ClockTime
    opening: Mapping[Weekday, Hours] = Field(min_length=1)
    holidays: tuple[Holiday, ...] = ()
    known_until: date
    """The last day for which the holidays are entered."""
    warn_days: int = Field(ge=0)
    """So many days before that somebody is told."""

    _days: dict[int, date] = PrivateAttr(default_factory=dict)
    _begins: dict[int, datetime] = PrivateAttr(default_factory=dict)
    _instants: dict[tuple[date, time], datetime] = PrivateAttr(default_factory=dict)
    _later: dict[tuple[date, int], date] = PrivateAttr(default_factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def closed_on(self) -> frozenset[date]:
        return frozenset(holiday.on for holiday in self.holidays)

    @cached_property
    def lost_days(self) -> tuple[date, ...]:
        """Holidays on which the clinic would be open, in order."""
        return tuple(sorted(day for day in self.closed_on if day.weekday() in self.open_weekdays))

    @cached_property
    def open_weekdays(self) -> frozenset[int]:
        return frozenset(WEEKDAYS.index(day) for day in self.opening)

    def day(self, instant: datetime) -> date:
        """The clinic-local date of an instant."""
        block = int(instant.timestamp() // BLOCK_SECONDS)
        found = self._days.get(block)
        if found is None:
            found = self.local(instant).date()
            keep(self._days, block, found)
        return found

    def begins(self, instant: datetime) -> datetime:
        """When the clinic-local day of an instant began."""
        block = int(instant.timestamp() // BLOCK_SECONDS)
        found = self._begins.get(block)
        if found is None:
            found = self.at(self.day(instant), time())
            keep(self._begins, block, found)
        return found

    def local(self, instant: datetime) -> datetime:
        """The instant as the clinic's clocks show it."""
        return instant.astimezone(self.zone)

    def at(self, day: date, clock: time) -> datetime:
        """The instant at which the clinic's clocks show this time on this day."""
        found = self._instants.get((day, clock))
        if found is None:
            found = datetime.combine(day, clock.replace(fold=0), self.zone).astimezone(UTC)
            keep(self._instants, (day, clock), found)
        return found

    def due(self, day: date) -> datetime:
        """The end of the working day: when something due on this day, without a time, is due. On a day on which the
        clinic is closed nobody works: then of the next one on which it is open."""
        return self.at(self.business_days_later(day, 0), self.due_at)

    def notices(self, now: datetime) -> Sequence[str]:
        """What those who run the clinic should know of the calendar."""
        left = (self.known_until - self.day(now)).days
        if left > self.warn_days:
            return ()
        if left < 0:
            return (
                f"calendar.toml: the holidays are entered until {self.known_until}, which is past: enter those of now. "
                "Due dates fall on days when the clinic is closed",
            )
        return (
            f"calendar.toml: the holidays are entered until {self.known_until}, {in_days(left)}: enter those that "
            "follow, or due dates will fall on days when the clinic is closed",
        )

    def due_by(self, day: date) -> datetime:
        """The end of the last working day up to this one: when something due at the latest on this day is due."""
        return self.at(self.last_business_day(day), self.due_at)

    def at_work_by(self, instant: datetime) -> datetime:
        """This instant; where the clinic is closed that day, the same time of the last working day before."""
        day = self.day(instant)
        if self.is_business_day(day):
            return instant
        return self.at(self.last_business_day(day), self.local(instant).time())

    def last_business_day(self, day: date) -> date:
        """Up to this one."""
        while not self.is_business_day(day):
            day -= ONE_DAY
        return day

    def daily(self, day: date) -> datetime:
        """When the timers of this day run."""
        return self.at(day, self.daily_at)

    def days_later(self, instant: datetime, days: int) -> date:
        """N days from the instant's local date, by the calendar."""
        return self.day(instant) + timedelta(days=days)

    def days_between(self, earlier: datetime, later: datetime) -> int:
        """By the calendar: of this evening and tomorrow morning one, over a clock change too."""
        return (self.day(later) - self.day(earlier)).days

    def is_business_day(self, day: date) -> bool:
        return day.weekday() in self.open_weekdays and day not in self.closed_on

    def business_days_later(self, day: date, days: int) -> date:
        """The n-th business day after this day; with 0, the day itself if it is one, else the next.

        Raises ValueError below 0 and above MOST_BUSINESS_DAYS.
        """
        found = self._later.get((day, days))
        if found is None:
            found = self._count(day, days)
            keep(self._later, (day, days), found)
        return found

    def due_in_business_days(self, instant: datetime, days: int) -> datetime:
        """The end of the n-th business day after the instant's local day."""
        return self.due(self.business_days_later(self.day(instant), days))

    def end_of_next_business_day(self, instant: datetime) -> datetime:
        return self.due_in_business_days(instant, 1)

    def is_open(self, instant: datetime) -> bool:
        """Whether the clinic is open at this instant: [opens, closes)."""
        local = self.local(instant)
        if not self.is_business_day(local.date()):
            return False
        hours = self.opening[WEEKDAYS[local.weekday()]]
        return hours.opens <= local.time() < hours.closes

    def _count(self, day: date, days: int) -> date:
        """Each holiday on the way is one more day to go."""
        if not 0 <= days <= MOST_BUSINESS_DAYS:
            raise ValueError(f"business days are counted forwards, at most {MOST_BUSINESS_DAYS}")
        if days == 0:
            day, days = day - ONE_DAY, 1
        while days:
            found = self._open_days_later(day, days)
            days = bisect_right(self.lost_days, found) - bisect_right(self.lost_days, day)
            day = found
        return day

    def _open_days_later(self, day: date, days: int) -> date:
        """The n-th day on whose weekday the clinic is open: whole weeks, then what is left of one."""
        weeks, left = divmod(days - 1, len(self.open_weekdays))
        day += weeks * ONE_WEEK
        following = (day + number * ONE_DAY for number in range(1, 8))
        return [each for each in following if each.weekday() in self.open_weekdays][left]


def keep(answers: dict[Any, Any], key: Any, answer: Any) -> None:
    """A full memory starts afresh: simpler than choosing what to forget, and hardly ever needed."""
    if len(answers) >= KEPT:
        answers.clear()
    answers[key] = answer


def in_days(count: int) -> str:
    """As one says it."""
    return {0: "today", 1: "tomorrow"}.get(count, f"{count} days from today")
