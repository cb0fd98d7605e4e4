"""When clinicians see patients: session templates, and the slots that follow from them. Pure reckoning."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple, Self

from pydantic import Field, PrivateAttr, model_validator

from config.calendar import WEEKDAYS, BusinessCalendar, ClockTime, Weekday
from config.rules import Values
from schemas.codes import Discipline
from schemas.fact import Id, Slug
from schemas.scheduling.v1.codes import Purpose

KEPT_DAYS = 1_000
"""Days whose slots are kept: more than dates are given ahead. Who asks for others makes no memory grow."""


GROUP: Purpose = "group_session"


class Session(Values):
    """One clinician's starts on some days of the week. `minutes` each; local times of the clinic."""

    clinician_id: Id
    discipline: Discipline
    location: Slug
    room: str
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    weekdays: tuple[Weekday, ...] = Field(min_length=1)
    starts: tuple[ClockTime, ...] = Field(min_length=1)
    minutes: int = Field(ge=5, le=480)
    valid_from: date | None = None
    valid_until: date | None = None
    """The first day on which it is no longer held."""

    @model_validator(mode="after")
    def a_group_is_no_time_for_one(self) -> Self:
        if GROUP in self.purposes and len(self.purposes) > 1:
            raise ValueError(f"purposes: what is for {GROUP} has many places, and is for nothing else")
        return self

    def held_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day < self.valid_until)


class Slot(NamedTuple):
    """A time at which a clinician can see somebody, or a group. Instants are aware UTC."""

    clinician_id: str
    discipline: Discipline
    location: str
    room: str
    purposes: tuple[Purpose, ...]
    start: datetime
    end: datetime

    @property
    def is_group(self) -> bool:
        return GROUP in self.purposes


class Sessions(Values):
    """`sessions.toml`"""

    templates: tuple[Session, ...] = Field(min_length=1)

    _days: dict[date, Mapping[tuple[str, datetime], Slot]] = PrivateAttr(default_factory=dict)

    @cached_property
    def by_weekday(self) -> Mapping[Weekday, tuple[Session, ...]]:
        return {day: tuple(each for each in self.templates if day in each.weekdays) for day in WEEKDAYS}

    def on(self, day: date, calendar: BusinessCalendar) -> Mapping[tuple[str, datetime], Slot]:
        """The slots of a day by clinician and start, in order of start; none when the clinic is closed."""
        if day not in self._days:
            if len(self._days) >= KEPT_DAYS:
                self._days.clear()
            slots = self._slots(day, calendar) if calendar.is_business_day(day) else ()
            found = sorted(slots, key=lambda slot: (slot.start, slot.clinician_id))
            self._days[day] = {(slot.clinician_id, slot.start): slot for slot in found}
        return self._days[day]

    def _slots(self, day: date, calendar: BusinessCalendar) -> Iterator[Slot]:
        for each in self.by_weekday[WEEKDAYS[day.weekday()]]:
            if each.held_on(day):
                for local in each.starts:
                    start, length = calendar.at(day, local), timedelta(minutes=each.minutes)
                    if skips(calendar, day, local, start + length):
                        continue
                    place = (each.clinician_id, each.discipline, each.location, each.room, each.purposes)
                    yield Slot(*place, start, start + length)

    def find(self, clinician_id: str, start: datetime, calendar: BusinessCalendar) -> Slot | None:
        """The slot that a clinician has at this start, if there is one."""
        return self.on(calendar.day(start), calendar).get((clinician_id, start))

    def holds_groups(self, discipline: Discipline) -> bool:
        return any(each.discipline == discipline and GROUP in each.purposes for each in self.templates)

    @model_validator(mode="after")
    def nobody_is_in_two_sessions_at_once(self) -> Self:
        for day, sessions in self.by_weekday.items():
            taken: dict[tuple[str, int], str] = {}
            for each in sessions:
                for local in each.starts:
                    first = local.hour * 60 + local.minute
                    for minute in range(first, first + each.minutes):
                        if taken.setdefault((each.clinician_id, minute), each.room) is not each.room:
                            raise ValueError(f"{each.clinician_id} has two sessions on {day} at {local}")
        return self


def skips(calendar: BusinessCalendar, day: date, begins: time, end: datetime) -> bool:
    """Whether the clocks skip some of what begins at this local time: it would run into what follows it."""
    last = end - timedelta(minutes=1)
    shown = calendar.local(last).replace(tzinfo=None) - datetime.combine(day, begins)
    return shown > last - calendar.at(day, begins)
