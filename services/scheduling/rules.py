"""The versioned thresholds of this service: the shapes of `scheduling.toml` and `sessions.toml`."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from config.files import ClinicFiles
from config.loading import load
from config.rules import Rule, RuleSet, Values
from config.sessions import Sessions, Slot
from schemas.codes import Priority

ClockPolicy = Literal["unchanged", "reset", "adjust"]


class SlotHorizon(Values):
    """`slots.horizon_days`"""

    horizon_days: int = Field(ge=1)


class Offers(Values):
    """ATT-01"""

    notice_days: int = Field(ge=0)
    min_dates: int = Field(ge=1)
    hold_hours: int = Field(ge=1)


class Cancellations(Values):
    """ATT-03"""

    review_after: int = Field(ge=1)
    clock: ClockPolicy


class NonAttendance(Values):
    """ATT-04, SCH-05, SCH-06"""

    review_after: int = Field(ge=1)
    clock: ClockPolicy
    grace_minutes: int = Field(ge=0)
    minimum_reminders: int = Field(ge=0)


class Exemptions(Values):
    """ATT-07, SCH-06"""

    crisis_days: int = Field(ge=0)


class ClinicCancellations(Values):
    """ATT-10"""

    counts: Literal[False]


class JointDays(Values):
    """`joint_day.max_gap_minutes`"""

    max_gap_minutes: int = Field(ge=0)
    hold_hours: int = Field(ge=1)


class Bookings(Values):
    """Categories that make a booking urgent."""

    urgent_categories: tuple[str, ...]


class SchedulingSettings(Values):
    """`scheduling.toml`"""

    rule_set: RuleSet
    slots: Rule[SlotHorizon]
    offers: Rule[Offers]
    cancellations: Rule[Cancellations]
    non_attendance: Rule[NonAttendance]
    exemptions: Rule[Exemptions]
    clinic_cancellations: Rule[ClinicCancellations]
    joint_days: Rule[JointDays]
    bookings: Rule[Bookings]


class Rules(ClinicFiles):
    """What deciders, timers and reactions of this service are given."""

    scheduling: SchedulingSettings
    sessions: Sessions

    def slot(self, clinician_id: str, start: datetime) -> Slot | None:
        """What the templates say of this clinician at this time."""
        return self.sessions.find(clinician_id, start, self.calendar)

    def last_day(self, now: datetime) -> date:
        """The last day for which dates are given now."""
        return self.calendar.day(now) + timedelta(days=self.scheduling.slots.values.horizon_days)

    def notice_days(self, now: datetime, start: datetime) -> int:
        """Whole local days between today and the day of the start."""
        return (self.calendar.day(start) - self.calendar.day(now)).days

    def priority_of(self, category: str | None) -> Priority:
        return "urgent" if category in self.scheduling.bookings.values.urgent_categories else "routine"

    @model_validator(mode="after")
    def sessions_are_held_by_staff_where_the_clinic_is(self) -> Self:
        staff = {member.id for member in self.staff.members}
        places = {location.code for location in self.clinic.locations}
        for each in self.sessions.templates:
            if each.clinician_id not in staff or each.location not in places:
                raise ValueError(f"sessions.toml: nobody {each.clinician_id}, or no place {each.location}")
        return self


def load_rules(folder: Path) -> Rules:
    """Raises ConfigurationError with every error named."""
    return load(folder, Rules)
