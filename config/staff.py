"""The staff directory: who works here, in which roles and disciplines, where, how to reach them, who is on
duty."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from config.calendar import WEEKDAYS, BusinessCalendar, ClockTime, Weekday
from config.clinic import Phone
from config.rules import RuleSet, Values
from schemas.fact import Id

Role = Literal[
    "care_coordinator",
    "clinical_lead",
    "display",
    "intake_clerk",
    "medical_director",
    "nurse",
    "occupational_therapist",
    "operations",
    "pharmacist",
    "physician",
    "physiotherapist",
    "privacy_officer",
    "proceduralist",
    "psychologist",
    "receptionist",
    "registrar",
    "service_manager",
    "social_worker",
    "triage_nurse",
]

Discipline = Literal[
    "coordination",
    "nursing",
    "medical",
    "physiotherapy",
    "occupational_therapy",
    "psychology",
    "pharmacy",
    "social_work",
    "management",
]
"""A discipline is a queue."""

CLINICIANS: frozenset[Role] = frozenset(
    {
        "clinical_lead",
        "medical_director",
        "nurse",
        "occupational_therapist",
        "pharmacist",
        "physician",
        "physiotherapist",
        "proceduralist",
        "psychologist",
        "social_worker",
        "triage_nurse",
    }
)
"""Roles that may decide about a patient's care (REF-11)."""


Post = (
    Discipline
    | Literal[
        "on_call_physician", "emergency_contact", "clinical_lead", "service_manager", "medical_director"
    ]
)
"""What somebody is called for. The last three are whoever has that role; the others stand in the roster."""
ROLE_POSTS: Mapping[str, Role] = {
    "clinical_lead": "clinical_lead",
    "service_manager": "service_manager",
    "medical_director": "medical_director",
}


class Channels(Values):
    """How a person at work is reached; by phone who is called when a warning waits."""

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    phone: Phone | None = None


class StaffMember(Values):
    id: Id
    login: str = Field(pattern=r"^[a-z]+(\.[a-z]+)*$")
    name: str = Field(min_length=1)
    roles: tuple[Role, ...] = Field(min_length=1)
    disciplines: tuple[Discipline, ...]
    """None for people who keep the system running: they work in no queue."""
    locations: tuple[str, ...] = Field(min_length=1)
    channels: Channels


class Duty(Values):
    """Somebody holds a post on these weekdays between these local times; over midnight when `to` is not
    later."""

    post: Discipline | Literal["on_call_physician", "emergency_contact"]
    staff: str
    days: tuple[Weekday, ...] = Field(min_length=1)
    begins: ClockTime = Field(alias="from")
    ends: ClockTime = Field(alias="to")


class StaffDirectory(Values):
    """`staff.toml`. Duties name people by login. Who may do what follows from it: a medical director approves it."""

    rule_set: RuleSet
    members: tuple[StaffMember, ...] = Field(min_length=1)
    duties: tuple[Duty, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, StaffMember]:
        return {member.id: member for member in self.members}

    @cached_property
    def by_login(self) -> Mapping[str, StaffMember]:
        return {member.login: member for member in self.members}

    def roles_of(self, staff_id: str | None) -> frozenset[str]:
        """Roles of a person; none when nobody here has this id."""
        member = self.by_id.get(staff_id or "")
        return frozenset(member.roles) if member else frozenset()

    def holders(self, post: str) -> tuple[StaffMember, ...]:
        """Who holds the post at some time."""
        if role := ROLE_POSTS.get(post):
            return tuple(member for member in self.members if role in member.roles)
        return tuple(self.by_login[duty.staff] for duty in self.duties if duty.post == post)

    def is_always_held(self, post: str) -> bool:
        """By somebody with a phone: nobody's duty ends before somebody else's has begun."""
        held = [duty for duty in self.duties if duty.post == post]
        duties = [duty for duty in held if self.by_login[duty.staff].channels.phone]
        ends = [end for duty in duties for end in ends_of(duty)]
        return bool(ends) and all(any(covers(duty, end) for duty in duties) for end in ends)

    def on_duty(self, post: str, instant: datetime, calendar: BusinessCalendar) -> tuple[StaffMember, ...]:
        """Who holds the post at this instant, in roster order."""
        if post in ROLE_POSTS:
            return self.holders(post)
        local = calendar.local(instant)
        return tuple(
            self.by_login[duty.staff] for duty in self.duties if duty.post == post and covers(duty, local)
        )

    @model_validator(mode="after")
    def ids_and_logins_are_unique(self) -> Self:
        if len(self.by_id) != len(self.members) or len(self.by_login) != len(self.members):
            raise ValueError("two members share an id or a login")
        return self

    @model_validator(mode="after")
    def duties_name_members(self) -> Self:
        unknown = sorted({duty.staff for duty in self.duties} - set(self.by_login))
        if unknown:
            raise ValueError(f"duties name people who are not members: {', '.join(unknown)}")
        return self


def covers(duty: Duty, local: datetime) -> bool:
    """Whether a local time falls into a duty: [from, to), the part after midnight belongs to the day it
    began on."""
    today, yesterday = WEEKDAYS[local.weekday()], WEEKDAYS[local.weekday() - 1]
    now = local.time()
    if duty.begins < duty.ends:
        return today in duty.days and duty.begins <= now < duty.ends
    return (today in duty.days and now >= duty.begins) or (yesterday in duty.days and now < duty.ends)


A_MONDAY = datetime(2027, 1, 4)  # noqa: DTZ001 (a week as the clinic's clocks show it)


def ends_of(duty: Duty) -> list[datetime]:
    """When it ends, in a week as good as any other."""
    over_midnight = duty.ends <= duty.begins
    days = (A_MONDAY + timedelta(days=WEEKDAYS.index(day) + over_midnight) for day in duty.days)
    return [datetime.combine(day.date(), duty.ends) for day in days]
