"""The versioned thresholds of this service: the shapes of `scheduling.toml` and `sessions.toml`."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from config.calendar import ONE_DAY, ClockTime
from config.files import ClinicFiles
from config.loading import load
from config.rules import Rule, RuleSet, Values
from config.sessions import GROUP, Sessions, Slot
from config.staff import Role
from schemas.care_plan.v1.codes import ActivityKind, SequenceRole
from schemas.codes import GATE_KIND, Discipline, Priority
from schemas.period import LONGEST_ABSENCE
from schemas.scheduling.v1.appointment import AppointmentCancelled
from schemas.scheduling.v1.codes import CheckClass, Checkpoint, DateReason, Purpose


class SlotHorizon(Values):
    """`slots.horizon_days`"""

    horizon_days: int = Field(ge=1, le=731)


class Offers(Values):
    """ATT-01"""

    notice_days: int = Field(ge=0)
    min_dates: int = Field(ge=1)
    hold_hours: int = Field(ge=1)


class Refusals(Values):
    """ATT-02"""

    review_after: int = Field(ge=1)


class Cancellations(Values):
    """ATT-03"""

    review_after: int = Field(ge=1)
    clock: Literal["unchanged"]
    """Nobody can reset or adjust it by rule: a clinician does (`reset_clock` of a review)."""


class NonAttendance(Values):
    """ATT-04, SCH-05"""

    review_after: Literal[1]
    """Each time: what nobody looks at would be forgotten."""
    clock: Literal["unchanged"]
    grace_minutes: int = Field(ge=0)


class Informed(Values):
    """SCH-06"""

    minimum_reminders: int = Field(ge=0)


class Exemptions(Values):
    """ATT-07, SCH-06"""

    crisis_days: int = Field(ge=0)


class Absences(Values):
    """`unavailability.max_days`: what a patient may enter; and the longest that anybody may."""

    max_days: int = Field(ge=1)
    longest_days: int = Field(ge=1, le=LONGEST_ABSENCE.days)


class JointDays(Values):
    """`joint_day.max_gap_minutes`"""

    max_gap_minutes: int = Field(ge=0)
    hold_hours: int = Field(ge=1)


class Freed(Values):
    """ATT-09: how long a freed time is held for one patient, and when a person has to fill it. Hours, and days."""

    hold_hours: int = Field(ge=2, le=24)
    soon_hours: int = Field(ge=2, le=24)
    soon_within_hours: int = Field(ge=1)
    far_hours: int = Field(ge=2, le=24)
    far_after_days: int = Field(ge=1)
    fill_within_days: int = Field(ge=0)
    nobody_sees: tuple[DateReason, ...]
    """Reasons of a cancellation for which the clinician sees nobody then."""

    def hold(self, ahead: timedelta) -> timedelta:
        """For how long a time is held that lies so far ahead."""
        if ahead <= timedelta(hours=self.soon_within_hours):
            return timedelta(hours=self.soon_hours)
        is_far = ahead > timedelta(days=self.far_after_days)
        return timedelta(hours=self.far_hours if is_far else self.hold_hours)


class AutoOffer(Values):
    """ATT-09: whether the system asks, and in which hours of the clinic's day."""

    on: bool
    begins: ClockTime = Field(alias="from")
    ends: ClockTime = Field(alias="to")

    @model_validator(mode="after")
    def end_after_they_begin(self) -> Self:
        if self.begins >= self.ends:
            raise ValueError("people are asked by day: `from` is earlier than `to`")
        return self


class Plausible(Values):
    """What a measurement can be at all."""

    least: Decimal = Field(gt=0)
    most: Decimal = Field(gt=0)


class GateRule(Values):
    """One kind of gate: when it is checked, whether it holds up booking, whether it is shown for one date only; whether
    a measured value decides (ANT-05), and what it can be; which roles record evidence of it, or go on without it."""

    check_class: CheckClass
    blocks_booking: bool
    of_the_date: bool
    measured: bool = False
    plausible: Plausible | None = None
    recorded_by: tuple[Role, ...]
    waived_by: tuple[Role, ...]

    @model_validator(mode="after")
    def measured_has_bounds(self) -> Self:
        if self.measured != (self.plausible is not None):
            raise ValueError("plausible: what is measured says what it can be")
        return self


class GateRules(Values):
    """SCH-02: every kind of gate."""

    kinds: Mapping[str, GateRule]

    @model_validator(mode="after")
    def every_kind_has_one(self) -> Self:
        if missing := set(GATE_KIND.codes) ^ set(self.kinds):
            raise ValueError(f"gates: one rule for each kind of gate, not {', '.join(sorted(missing))}")
        return self


class Checkpoints(Values):
    """PRC-06, in hours before the start, or earlier where the clinic is closed then. `release`: who lets the date go at
    the last one."""

    first_hours: int = Field(ge=1, le=336)
    last_hours: int = Field(ge=1, le=336)
    release: Literal["confirm", "auto"]

    @model_validator(mode="after")
    def first_comes_first(self) -> Self:
        if self.first_hours <= self.last_hours:
            raise ValueError("first_hours: the first checkpoint lies before the last one")
        return self


class OrderOfCare(Values):
    """SCH-04: what takes place before what, at the same place."""

    before: Mapping[SequenceRole, tuple[SequenceRole, ...]]


class Groups(Values):
    """`groups.places`: which work is done in a group, how many people have a place at each of its times, with how few
    somebody decides whether it takes place, and so many days before."""

    kinds: tuple[ActivityKind, ...]
    least: int = Field(ge=1, le=60)
    most: int = Field(ge=1, le=60)
    ask_days: int = Field(ge=0, le=90)

    @model_validator(mode="after")
    def least_is_not_more_than_most(self) -> Self:
        if self.least > self.most:
            raise ValueError("least: a group that needs more people than it has places never takes place")
        return self


class SchedulingSettings(Values):
    """`scheduling.toml`"""

    rule_set: RuleSet
    slots: Rule[SlotHorizon]
    offers: Rule[Offers]
    refusals: Rule[Refusals]
    cancellations: Rule[Cancellations]
    non_attendance: Rule[NonAttendance]
    informed: Rule[Informed]
    exemptions: Rule[Exemptions]
    unavailability: Rule[Absences]
    joint_days: Rule[JointDays]
    freed: Rule[Freed]
    auto_offer: Rule[AutoOffer]
    gates: Rule[GateRules]
    checkpoints: Rule[Checkpoints]
    order_of_care: Rule[OrderOfCare]
    groups: Rule[Groups]


class Rules(ClinicFiles):
    """What deciders, timers and reactions of this service are given."""

    scheduling: SchedulingSettings
    sessions: Sessions

    def slot(self, clinician_id: str, start: datetime) -> Slot | None:
        """What the templates say of this clinician at this time."""
        return self.sessions.find(clinician_id, start, self.calendar)

    def places(self, slot: Slot) -> int:
        """How many people can be seen at this time."""
        return self.scheduling.groups.values.most if slot.is_group else 1

    def group_asked_at(self, start: datetime) -> datetime:
        """From when on somebody decides about a group with too few: a working day, as many days before or more."""
        day = self.calendar.days_later(start, -self.scheduling.groups.values.ask_days)
        return self.calendar.daily(self.calendar.last_business_day(day))

    def purpose_of(self, kind: ActivityKind | None, discipline: Discipline) -> Purpose:
        """What dates of this work are for: a group's, where the discipline holds any."""
        in_group = kind in self.scheduling.groups.values.kinds and self.sessions.holds_groups(discipline)
        return GROUP if in_group else "session"

    def horizon(self, now: datetime) -> datetime:
        """The instant from which on no dates are given yet."""
        days = self.scheduling.slots.values.horizon_days + 1
        return self.calendar.at(self.calendar.days_later(now, days), time.min)

    def notice_days(self, now: datetime, start: datetime) -> int:
        """Whole local days between today and the day of the start."""
        return self.calendar.days_between(now, start)

    def held_until(self, now: datetime, start: datetime, hours: int) -> datetime:
        """For how long a time is held for who is to answer: so many hours, and no longer than somebody else can still
        be asked for it (ATT-09)."""
        return min(
            now + timedelta(hours=hours), start - timedelta(hours=self.scheduling.freed.values.soon_hours)
        )

    def asked_from(self, now: datetime) -> datetime:
        """When somebody may be asked next (ATT-09): now, but not at night."""
        hours, local = self.scheduling.auto_offer.values, self.calendar.local(now)
        if hours.begins <= local.time() < hours.ends:
            return now
        day = local.date() + timedelta(days=local.time() >= hours.ends)
        return self.calendar.at(day, hours.begins)

    def checked_at(self, start: datetime) -> Mapping[Checkpoint, datetime]:
        """PRC-06: so many hours before. Where the clinic is closed that day, on the last working day before: then
        somebody is at work who can see to it. And the first a working day before the last."""
        hours, calendar = self.scheduling.checkpoints.values, self.calendar
        last = calendar.at_work_by(start - timedelta(hours=hours.last_hours))
        first = calendar.at_work_by(start - timedelta(hours=hours.first_hours))
        return {"T-72": min(first, calendar.at_work_by(last - ONE_DAY)), "T-24": last}

    def priority_of(self, category: str | None) -> Priority:
        """As the clinic's urgency scheme has it; routine where nobody has said a category of it."""
        known = self.scheme.values.by_code.get(category or "")
        return known.priority if known else "routine"

    def needs_review(self, cancelled: AppointmentCancelled) -> bool:
        """ATT-03: after so many cancellations of the patient a clinician looks before another date is given."""
        return cancelled.counts and cancelled.cna_count >= self.scheduling.cancellations.values.review_after

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
