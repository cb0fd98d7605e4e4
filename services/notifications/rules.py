"""The versioned settings of this service: the shapes of `notifications.toml` and `messages.toml`."""

import string
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from config.calendar import ClockTime
from config.clinic import Phone
from config.crisis_words import Crisis, all_letters
from config.escalation import Escalations
from config.files import ClinicFiles
from config.loading import load
from config.rules import Rule, RuleSet, Values
from config.staff import StaffMember
from schemas.codes import Queue, RedFlag
from schemas.notifications.v1.codes import Template
from schemas.said import zones

FIELDS = frozenset({"clinic", "date", "time", "place", "more", "phone", "code"})
"""NOT-03: everything that may stand in a template."""
ANSWER_FIELDS = frozenset({"clinic", "phone", "code", "key", "crisis", "emergency"})
"""And in what is answered at once to a text: numbers of the emergency contacts too."""


class QuietHours(Values):
    """NOT-02, patient's local time."""

    begins: ClockTime = Field(alias="from")
    ends: ClockTime = Field(alias="to")

    def covers(self, local: time) -> bool:
        return local >= self.begins or local < self.ends

    @model_validator(mode="after")
    def run_over_midnight(self) -> Self:
        if self.begins <= self.ends:
            raise ValueError("quiet hours run over midnight: `from` is later than `to`")
        return self


class Preparation(Values):
    """Days before a procedure, of 7."""

    days: tuple[Literal[7], ...]


class Reminders(Values):
    """Days before a visit, of 3 and 1."""

    days: tuple[Literal[3, 1], ...]
    send_at: ClockTime


class MeasureReminders(Values):
    """Days before questionnaires are due, of 7 and 2."""

    days: tuple[Literal[7, 2], ...]
    send_at: ClockTime


class Caps(Values):
    """NOT-04, NOT-13: pushed messages a local day, and in any 7 local days."""

    per_day: int = Field(ge=1)
    per_week: int = Field(ge=1)


class Attempts(Values):
    """NOT-06"""

    per_channel: int = Field(ge=1)
    minutes_apart: int = Field(ge=1)
    unknown_after_hours: int = Field(ge=1)


class Lateness(Values):
    """NOT-11"""

    hours: int = Field(ge=1)


class ShortNotice(Values):
    """So close to a date, a change of it is told whatever the caps say."""

    hours: int = Field(ge=1)


class Waits(Values):
    """So many days what a cap keeps back waits for a day with room for it."""

    days: int = Field(ge=1)


class Coalescing(Values):
    """NOT-15"""

    minutes: int = Field(ge=0)


class Digest(Values):
    """NOT-16: so many days before the Monday of the week that it is about."""

    days_before_monday: int = Field(ge=1, le=6)
    send_at: ClockTime
    series_of: int = Field(ge=2)


class Contacts(Values):
    """NOT-17: seconds; the last is the grace."""

    look_after_seconds: tuple[int, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def grow(self) -> Self:
        if list(self.look_after_seconds) != sorted(set(self.look_after_seconds)):
            raise ValueError("look_after_seconds must grow")
        return self


class Consent(Values):
    """NOT-01"""

    model: Literal["opt-in", "exemption"]
    order: tuple[Literal["sms", "email"], ...] = Field(min_length=1)


class Pifu(Values):
    """Before the window ends."""

    days_before: int = Field(ge=1)
    send_at: ClockTime


class Replies(Values):
    """Words by what they mean."""

    confirm: frozenset[str]
    cancel: frozenset[str]
    reschedule: frozenset[str]
    opt_out: frozenset[str]
    opt_in: frozenset[str]
    help: frozenset[str]


class ReplyCodes(Values):
    """So many wrong codes of one sender in so many minutes: none of theirs is taken until these are over."""

    wrong_codes: int = Field(ge=1)
    within_minutes: int = Field(ge=1)


class ContentRule(Values):
    """NOT-03"""

    longest_sms: int = Field(ge=70)
    never: tuple[str, ...]


class NotificationSettings(Values):
    """`notifications.toml`"""

    rule_set: RuleSet
    quiet_hours: Rule[QuietHours]
    reminders: Rule[Reminders]
    preparation: Rule[Preparation]
    measure_reminders: Rule[MeasureReminders]
    caps: Rule[Caps]
    attempts: Rule[Attempts]
    lateness: Rule[Lateness]
    short_notice: Rule[ShortNotice]
    waits: Rule[Waits]
    coalescing: Rule[Coalescing]
    digest: Rule[Digest]
    contacts: Rule[Contacts]
    consent: Rule[Consent]
    pifu: Rule[Pifu]
    replies: Rule[Replies]
    reply_codes: Rule[ReplyCodes]
    crisis: Rule[Crisis]
    content: Rule[ContentRule]


def with_no_fields_but(allowed: frozenset[str], words: str) -> str:
    named = {name for _, name, _, _ in string.Formatter().parse(words) if name}
    if unknown := sorted(named - allowed):
        raise ValueError(f"NOT-03: not a field of messages: {', '.join(unknown)}")
    return words


Words = Annotated[str, Field(min_length=1), AfterValidator(partial(with_no_fields_but, FIELDS))]
Answer = Annotated[str, Field(min_length=1), AfterValidator(partial(with_no_fields_but, ANSWER_FIELDS))]


class Text(Values):
    """What a message says; the subject is for e-mail, `mail` what it says there instead."""

    subject: Words
    text: Words
    mail: Words | None = None

    @property
    def whole(self) -> str:
        return f"{self.subject} {self.text} {self.mail or ''}"


class Answers(Values):
    """What is answered to a text at once. About the number itself; to who writes of dying from a number that reaches
    nobody here; to who replies to a page."""

    opted_out: Answer
    opted_in: Answer
    help: Answer
    crisis: Answer
    page_taken: Answer
    page_taken_by_another: Answer
    page_not_yours: Answer
    page_over: Answer
    page_shut_out: Answer
    page_without_code: Answer
    page_elsewhere: Answer


class Messages(Values):
    """`messages.toml`. `short_name` is the clinic's neutral name, `nobody` what stands instead of it for who asked for
    confidential communication."""

    version: int = Field(ge=1)
    call_back: Phone
    short_name: str = Field(min_length=1, max_length=24)
    nobody: str = Field(min_length=1, max_length=24)
    answers: Answers
    texts: Mapping[Template, Text]

    def sender(self, *, confidential: bool) -> str:
        return self.nobody if confidential else self.short_name


class Rules(ClinicFiles):
    """What deciders, timers and reactions of this service are given."""

    notifications: NotificationSettings
    messages: Messages
    escalation: Escalations

    def zone(self, time_zone: str | None) -> ZoneInfo:
        """The patient's time zone, or the clinic's where it is not known, to us or to this machine."""
        return ZoneInfo(time_zone if time_zone in zones() else self.calendar.time_zone)

    def place(self, code: str) -> str:
        """A location's name, or its code where the clinic has no such place any more."""
        return next((place.name for place in self.clinic.locations if place.code == code), code)

    def queue_of_flag(self, flag: RedFlag) -> Queue:
        """Who looks at a red flag."""
        return self.red_flags.red_flags.values.flags[flag].queue

    def member_with(self, number: str) -> StaffMember | None:
        """Whose number it is, in E.164; nobody's where two people share it."""
        said = [(each, self.clinic.e164(each.channels.phone)) for each in self.staff.members]
        found = [each for each, theirs in said if theirs == number]
        return found[0] if len(found) == 1 else None

    @cached_property
    def crisis_phrases(self) -> frozenset[str]:
        """In whatever language, as `letters` leaves them."""
        return all_letters(self.notifications.crisis.values.phrases)

    @cached_property
    def crisis_endings(self) -> tuple[str, ...]:
        return tuple(all_letters(self.notifications.crisis.values.endings))

    def grace(self) -> timedelta:
        """How long a message waits for its contact (NOT-17)."""
        return timedelta(seconds=self.notifications.contacts.values.look_after_seconds[-1])

    @model_validator(mode="after")
    def messages_say_nothing_private(self) -> Self:
        never = self.notifications.content.values.never
        said = {code: text.whole.lower() for code, text in self.messages.texts.items()}
        said |= {name: words.lower() for name, words in self.messages.answers.model_dump().items()}
        found = sorted(f"{code}: {word}" for code, text in said.items() for word in never if word in text)
        if found:
            raise ValueError(f"messages.toml: NOT-03: words that are never sent: {', '.join(found)}")
        return self


def at_local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A local time as an aware UTC instant. A time that a clock change skips is the instant after the gap."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def load_rules(folder: Path) -> Rules:
    """Raises ConfigurationError with every error named."""
    return load(folder, Rules)
