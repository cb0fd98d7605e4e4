"""Which messages are planned, when, about which dates. Works on a copy of the agenda and collects the facts. Pure."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from backbone.model import like
from schemas.fact import Fact
from schemas.notifications.v1.codes import Template
from services.notifications.agenda.commands import Scope
from services.notifications.agenda.facts import (
    MessageCovers,
    MessageUnwanted,
    MessageWanted,
    VisitDropped,
    VisitNoted,
)
from services.notifications.agenda.states import Agenda, Note, Visit
from services.notifications.rules import Rules, at_local
from services.notifications.templates.content import (
    KINDS,
    OF_A_SERIES,
    Kind,
    is_meant,
    is_reminder,
    message_key,
)


class Subject(msgspec.Struct, frozen=True):
    """What a message is about. `changes`: the first date that is not as it was; `own`: as the patient made it."""

    subject_id: str
    subject_version: int | None = None
    due_on: date | None = None
    depends_on: str | None = None
    changes: datetime | None = None
    own: bool = False


class Planner:
    """`facts` are what has to be recorded so far."""

    def __init__(
        self,
        patient_id: str,
        referral_id: str | None,
        agenda: Agenda,
        now: datetime,
        zone: ZoneInfo,
        rules: Rules,
    ) -> None:
        self.facts: list[Fact] = []
        self._referral_id = referral_id
        self._patient_id = patient_id
        self._visits = dict(agenda.visits)
        self._notes = dict(agenda.notes)
        self._now = now
        self._zone = zone
        self._rules = rules

    def note(self, appointment_id: str, visit: Visit) -> None:
        self._visits[appointment_id] = visit
        self.facts.append(like(VisitNoted, visit, appointment_id=appointment_id))

    def drop(self, appointment_id: str) -> None:
        if self._visits.pop(appointment_id, None):
            self.facts.append(VisitDropped(appointment_id=appointment_id))

    def end_all(self, reason: str, scope: Scope, only: Template | None) -> None:
        """Every reminder; with `only`, messages of this template. Letters that wait for the morning still go."""
        for key, note in self._planned():
            if is_meant(note.template, only) if only else is_reminder(note.template):
                subjects = {note.subject_id, *note.covers}
                if scope == "referral":
                    subjects = {each for each in subjects if self._is_of_referral(each, note)}
                self._end(key, note, subjects, reason)

    def end(self, subject_id: str, reason: str) -> None:
        """Nothing about this is sent any more (NOT-05)."""
        for key, note in self._planned():
            gone = {subject_id, note.subject_id} if note.depends_on == subject_id else {subject_id}
            self._end(key, note, gone, reason)

    def _planned(self) -> list[tuple[str, Note]]:
        return [(key, note) for key, note in self._notes.items() if not note.pushed_on]

    def _is_of_referral(self, subject_id: str, note: Note) -> bool:
        visit = self._visits.get(subject_id)
        return self._referral_id == (visit.referral_id if visit else note.referral_id)

    def _end(self, key: str, note: Note, gone: Collection[str], reason: str) -> None:
        """A message about other dates too goes on without these."""
        rest = tuple(each for each in note.covers if each not in gone)
        if note.subject_id in gone:
            self._unwanted(key, reason)
            if rest:
                self._want(note.template, Subject(rest[0]), note.send_at, rest, note.day)
        elif rest != note.covers:
            self._covers(key, note, rest)

    def plan(self, template: Template, about: Subject) -> None:
        """By the template's moment. What would be too late or is of no use is not planned."""
        kind = KINDS[template]
        visit = self._visits.get(about.subject_id)
        match kind.moment:
            case "at_once":
                self._want(template, about, self._now, (), about.due_on)
            case "together" if visit:
                later = self._now + timedelta(minutes=self._rules.notifications.coalescing.values.minutes)
                self._together(template, about, later, None)
            case "before_visit" if visit and not visit.series:
                self._remind(template, kind, about, visit)
            case "weekly" if visit and visit.series:
                self._digest(template, about, visit)
            case "day_after":
                at = self._at(
                    self._today() + timedelta(days=1), self._rules.notifications.reminders.values.send_at
                )
                self._want(template, about, at, (), self._today())
            case "before_due" | "before_end" if about.due_on:
                self._before(template, kind, about, about.due_on)

    def _remind(self, template: Template, kind: Kind, about: Subject, visit: Visit) -> None:
        """One set for all dates of a day (NOT-15). The last is planned even if its time has passed, and ends there."""
        reminders = self._rules.notifications.reminders.values
        day, prepare = self._day(visit.start), self._rules.notifications.preparation.values.days
        if kind.days not in (*reminders.days, *prepare) or day <= self._today():
            return
        at = self._at(day - timedelta(days=kind.days), reminders.send_at)
        if at > self._now or kind.days == min(reminders.days):
            self._together(template, about, at, day)

    def _digest(self, template: Template, about: Subject, visit: Visit) -> None:
        """NOT-16: before the week begins. Who is booked later than that has the confirmation."""
        digest = self._rules.notifications.digest.values
        day = self._day(visit.start)
        monday = day - timedelta(days=day.weekday())
        at = self._at(monday - timedelta(days=digest.days_before_monday), digest.send_at)
        if at > self._now:
            self._together(template, about, at, monday)

    def _before(self, template: Template, kind: Kind, about: Subject, due_on: date) -> None:
        settings = self._rules.notifications
        measures, pifu = settings.measure_reminders.values, settings.pifu.values
        if kind.moment == "before_end":
            days, clock = pifu.days_before, pifu.send_at
        elif kind.days in measures.days:
            days, clock = kind.days, measures.send_at
        else:
            return
        at = self._at(due_on - timedelta(days=days), clock)
        if at > self._now:
            self._want(template, about, at, (), due_on)

    def _together(self, template: Template, about: Subject, at: datetime, day: date | None) -> None:
        """Join the message that is planned for the same, or plan one."""
        for key, note in self._planned():
            if note.is_planned and note.template == template and note.day == day:
                return self._covers(key, note, (*note.covers, about.subject_id))
        return self._want(template, about, at, (about.subject_id,), day)

    def _want(
        self, template: Template, about: Subject, at: datetime, covers: tuple[str, ...], day: date | None
    ) -> None:
        visit = self._visits.get(about.subject_id)
        version = visit.version if visit else about.subject_version
        slot = day.isoformat() if template in OF_A_SERIES and day else KINDS[template].slot
        wanted = MessageWanted(
            message_id=message_key(self._patient_id, template, about.subject_id, version, slot),
            template=template,
            subject_id=about.subject_id,
            subject_version=version,
            send_at=at,
            covers=covers,
            day=day,
            start=visit.start if visit else None,
            location=visit.location if visit else None,
            referral_id=(visit and visit.referral_id) or self._referral_id,
            depends_on=about.depends_on,
            changes=about.changes,
            own=about.own,
        )
        self._notes[wanted.message_id] = like(Note, wanted)
        self.facts.append(wanted)

    def _unwanted(self, message_id: str, reason: str) -> None:
        del self._notes[message_id]
        self.facts.append(MessageUnwanted(message_id=message_id, reason=reason))

    def _covers(self, message_id: str, note: Note, covers: tuple[str, ...]) -> None:
        covers = tuple(dict.fromkeys(covers))
        if covers != note.covers:
            self._notes[message_id] = replace(note, covers=covers)
            self.facts.append(MessageCovers(message_id=message_id, covers=covers))

    def _at(self, day: date, clock: time) -> datetime:
        """At this time of the patient's own clock."""
        return at_local(day, clock, self._zone)

    def _day(self, instant: datetime) -> date:
        """The clinic's: a visit is on the day on which the clinic has it."""
        return self._rules.calendar.day(instant)

    def _today(self) -> date:
        return self._day(self._now)
