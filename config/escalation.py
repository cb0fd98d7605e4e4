"""The ladders: who is called when a warning waits, until when they have to answer, and which posts nobody holds."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from config.calendar import WEEKDAYS, BusinessCalendar, ClockTime
from config.rules import Rule, RuleSet, Values
from config.staff import Post, StaffDirectory, StaffMember
from schemas.codes import Queue
from schemas.notifications.v1.codes import EscalationSeverity

LadderPost = Literal[
    "duty", "on_call_physician", "clinical_lead", "service_manager", "medical_director", "emergency_contact"
]


class Deadline(Values):
    """Elapsed minutes or days, hours while the clinic is open, or to the end of a business day: one of them."""

    minutes: int | None = Field(default=None, ge=1)
    clinic_hours: int | None = Field(default=None, ge=1, le=100)
    business_days: int | None = Field(default=None, ge=1, le=100)
    days: int | None = Field(default=None, ge=1, le=100)

    @model_validator(mode="after")
    def is_one_of_them(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("give one of minutes, clinic_hours, business_days and days")
        return self

    def after(self, start: datetime, calendar: BusinessCalendar) -> datetime:
        if self.clinic_hours is not None:
            return clinic_hours_later(calendar, start, timedelta(hours=self.clinic_hours))
        if self.business_days is not None:
            return calendar.due_in_business_days(start, self.business_days)
        return start + timedelta(minutes=self.minutes or 0, days=self.days or 0)


class Assess(Values):
    """How long who acknowledged has for the assessment."""

    minutes: int = Field(ge=1)
    until: ClockTime | None = None
    level: int = Field(ge=1)
    """On which the ladder goes on when nobody has assessed it by then."""

    def after(self, start: datetime, calendar: BusinessCalendar) -> datetime:
        local = calendar.local(start)
        if self.until and calendar.is_business_day(local.date()) and local.time() <= self.until:
            return calendar.due(local.date())
        return start + timedelta(minutes=self.minutes)


class Level(Values):
    pages: tuple[LadderPost, ...] = Field(min_length=1)
    after_hours: tuple[LadderPost, ...] | None = None
    acknowledge: Deadline

    def posts(self, at: datetime, calendar: BusinessCalendar) -> tuple[LadderPost, ...]:
        """Who is meant at this instant."""
        return self.pages if self.after_hours is None or calendar.is_open(at) else self.after_hours


class Ladder(Values):
    """The last level repeats."""

    hours: Literal["always", "clinic"]
    levels: tuple[Level, ...] = Field(min_length=2)
    assess: Assess | None = None

    def level(self, number: int) -> Level:
        """From 1."""
        return self.levels[number - 1]

    def begins(self, at: datetime, calendar: BusinessCalendar) -> datetime:
        """When somebody is called: now, or when the clinic opens."""
        return at if self.hours == "always" else next_opening(calendar, at)

    def deadline(self, number: int, at: datetime, calendar: BusinessCalendar) -> datetime:
        """Until when a level has to be acknowledged that is reached now."""
        return self.level(number).acknowledge.after(self.begins(at, calendar), calendar)

    @property
    def posts(self) -> frozenset[LadderPost]:
        return frozenset(post for level in self.levels for post in (*level.pages, *(level.after_hours or ())))


class Ladders(Values):
    emergency: Ladder
    same_day: Ladder
    urgent: Ladder
    breach: Ladder

    @model_validator(mode="after")
    def what_can_not_wait_is_called_at_all_hours(self) -> Self:
        if {self.emergency.hours, self.same_day.hours} != {"always"}:
            raise ValueError("emergency and same_day are called at all hours: hours is always")
        return self

    @property
    def all(self) -> tuple[Ladder, ...]:
        return self.emergency, self.same_day, self.urgent, self.breach

    def of(self, severity: EscalationSeverity) -> Ladder:
        ladder: Ladder = getattr(self, severity)
        return ladder


class Warned(Values):
    severity: EscalationSeverity
    queue: Queue


class Warnings(Values):
    overdue_plan: Warned
    wait_breach: Warned


class DutyQueues(Values):
    """Where warnings wait: each needs somebody on duty."""

    queues: tuple[Queue, ...]


class Told(Values):
    """At which level of an item management is told."""

    level: int = Field(ge=1)


class Pages(Values):
    """So many go out one by one in so many minutes; of what is beyond, one tells when these are over."""

    at_once: int = Field(ge=1)
    within_minutes: int = Field(ge=1)


class PagesAtOnce(Values):
    """Of one person by one channel. Emergencies are counted apart."""

    emergency: Pages
    others: Pages

    def of(self, *, emergency: bool) -> Pages:
        return self.emergency if emergency else self.others


class Escalations(Values):
    """`escalation.toml`"""

    rule_set: RuleSet
    ladders: Rule[Ladders]
    warnings: Rule[Warnings]
    duty: Rule[DutyQueues]
    told: Rule[Told]
    pages: Rule[PagesAtOnce]

    def ladder(self, severity: EscalationSeverity) -> Ladder:
        return self.ladders.values.of(severity)


def post_of(post: LadderPost, queue: Queue) -> Post:
    return queue if post == "duty" else post


def called(
    ladder: Ladder,
    number: int,
    queue: Queue,
    at: datetime,
    staff: StaffDirectory,
    calendar: BusinessCalendar,
) -> tuple[StaffMember, ...]:
    """Who is called at this level at this instant, each once; where nobody holds its posts, the next level's."""
    for level in ladder.levels[number - 1 :]:
        posts = (post_of(post, queue) for post in level.posts(at, calendar))
        if found := dict.fromkeys(
            member.id for post in posts for member in staff.on_duty(post, at, calendar)
        ):
            return tuple(staff.by_id[each] for each in found)
    return ()


def on_ladder(ladders: Iterable[Ladder], queue: Queue, staff: StaffDirectory) -> frozenset[str]:
    """Everybody who may ever be called for the queue: they acknowledge, and claim what is about safety."""
    posts = {post_of(post, queue) for ladder in ladders for post in ladder.posts}
    return frozenset(member.id for post in posts for member in staff.holders(post))


def unheld(escalations: Escalations, staff: StaffDirectory) -> tuple[Post, ...]:
    """The posts that a ladder needs and nobody holds who has a phone; the on-call post is held at all hours."""
    ladders, queues = escalations.ladders.values, escalations.duty.values.queues
    needed = {post_of(post, queue) for ladder in ladders.all for post in ladder.posts for queue in queues}
    return tuple(sorted(post for post in needed if not is_held(post, staff)))


def is_held(post: Post, staff: StaffDirectory) -> bool:
    if not any(member.channels.phone for member in staff.holders(post)):
        return False
    return post != "on_call_physician" or staff.is_always_held(post)


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
        midnight = calendar.at(day, time())
        return midnight, midnight
    hours = calendar.opening[WEEKDAYS[day.weekday()]]
    return calendar.at(day, hours.opens), calendar.at(day, hours.closes)


def next_opening(calendar: BusinessCalendar, at: datetime) -> datetime:
    """Now where the clinic is open, else the next instant at which it opens."""
    if calendar.is_open(at):
        return at
    opens, _ = open_hours(calendar, calendar.day(at))
    if opens > at and calendar.is_business_day(calendar.day(at)):
        return opens
    return open_hours(calendar, calendar.business_days_later(calendar.day(at), 1))[0]
