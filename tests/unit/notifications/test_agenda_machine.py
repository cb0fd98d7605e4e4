"""Whatever dates a patient gets, loses and moves: every date to come is told of, nothing is told of what is gone."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model.person import Person
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.commands import (
    AnswerText,
    Hear,
    NoteConsent,
    NoteDeath,
    NotePushed,
    Source,
)
from services.notifications.agenda.facts import MessageUnwanted, MessageWanted
from services.notifications.agenda.states import Visit
from services.notifications.contact.states import NoContact, contact_id
from services.notifications.templates.content import KINDS
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.notifications.situations import rules

BOOKED = ("APPT_CONFIRMED", "APPT_D3", "APPT_D1", "APPT_DIGEST")
MOVED = ("APPT_MOVED", "APPT_D3", "APPT_D1", "APPT_DIGEST")
APPOINTMENTS = [derive(ROOT, f"appointment {number}") for number in range(5)]
WHICH = st.sampled_from(APPOINTMENTS)
HOURS = st.integers(1, 24 * 40)


class Agendas(Machine):
    """`dates` is what the patient's dates really are: version, start, series."""

    @initialize()
    def somebody(self) -> None:
        self.begin(AGENDA, rules())
        self.world.others = {contact_id(TARGET): NoContact(), TARGET: Person()}
        self.dates: dict[str, Visit] = {}
        self.dead = False
        self.told: set[tuple[str, str, int]] = set()
        self.sequences = dict.fromkeys(APPOINTMENTS, 0)
        self.versions = dict.fromkeys(APPOINTMENTS, 0)

    def tell(self, appointment: str, **fields: Any) -> list[Any]:
        self.sequences[appointment] += 1
        command = Hear(
            patient_id=TARGET,
            source=Source(appointment, self.sequences[appointment]),
            subject_id=appointment,
            subject_version=self.versions[appointment],
            **fields,
        )
        return self.hear(command, derive(appointment, f"fact {self.sequences[appointment]}"))

    @rule(hours=st.integers(0, 72))
    def time_passes(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)

    @rule(appointment=WHICH, hours=HOURS, series=st.booleans())
    def a_date_is_booked(self, appointment: str, hours: int, series: bool) -> None:
        if self.versions[appointment]:
            return
        self.versions[appointment] = 1
        visit = Visit(1, self.later(hours), "main", False, series, None)
        self.dates[appointment] = visit
        self.tell(appointment, visit=visit, says=BOOKED)

    @rule(appointment=WHICH, hours=HOURS)
    def it_is_moved(self, appointment: str, hours: int) -> None:
        if appointment not in self.dates:
            return
        self.versions[appointment] += 1
        before, start = self.dates[appointment], self.later(hours)
        self.dates[appointment] = Visit(self.versions[appointment], start, "main", False, before.series, None)
        self.tell(appointment, moved_to=start, ends="moved", says=MOVED)

    @rule(appointment=WHICH, says=st.sampled_from([(), ("APPT_CANCELLED",), ("APPT_DNA",)]))
    def it_is_over(self, appointment: str, says: tuple[Any, ...]) -> None:
        if self.dates.pop(appointment, None):
            self.tell(appointment, ends="cancelled", says=says)

    @rule(appointment=WHICH)
    def an_old_fact_comes_again(self, appointment: str) -> None:
        if self.sequences[appointment]:
            command = Hear(
                patient_id=TARGET,
                source=Source(appointment, self.sequences[appointment]),
                subject_id=appointment,
                visit=Visit(9, self.later(5), "main"),
                says=BOOKED,
            )
            assert self.hear(command, derive(ROOT, "again")) == []

    @rule()
    def the_next_message_leaves(self) -> None:
        planned = sorted(
            (note.send_at, name) for name, note in self.world.state.notes.items() if not note.pushed_on
        )
        if planned:
            note = self.world.state.notes[planned[0][1]]
            told = {(note.template, each, self.versions[each]) for each in note.covers}
            assert not told & self.told, "once for each date, as it is now"
            self.told |= told
            self.world.at = max(self.world.at, planned[0][0])
            self.hear(
                NotePushed(patient_id=TARGET, message_id=planned[0][1], channel="sms", at=self.world.at),
                derive(planned[0][1], "pushed"),
            )

    @rule()
    def the_patient_dies(self) -> None:
        """NOT-14: at once and for good."""
        self.hear(NoteDeath(), derive(ROOT, "death"))
        self.dead = True

    @invariant()
    def to_the_dead_nothing_is_planned(self) -> None:
        assert not (self.dead and self.planned())

    @rule(given=st.booleans())
    def the_patient_is_asked(self, given: bool) -> None:
        self.world.command(
            NoteConsent(patient_id=TARGET, channel="sms", given=given), derive(ROOT, "consent")
        )

    @rule(number=st.integers(0, 3))
    def the_patient_writes_back(self, number: int) -> None:
        inbound = derive(ROOT, f"inbound {number}")
        self.world.command(AnswerText(inbound_id=inbound, text="yes"), inbound)

    def later(self, hours: int) -> datetime:
        return self.world.at + timedelta(hours=hours)

    def planned(self) -> dict[str, Any]:
        return {name: note for name, note in self.world.state.notes.items() if not note.pushed_on}

    @invariant()
    def the_dates_are_the_patients_dates(self) -> None:
        assert self.dead or {name: visit.start for name, visit in self.world.state.visits.items()} == {
            name: visit.start for name, visit in self.dates.items()
        }

    @invariant()
    def no_planned_message_is_about_a_date_that_is_gone(self) -> None:
        for note in self.planned().values():
            assert set(note.covers) <= set(self.dates)

    @invariant()
    def every_reminder_is_planned_before_what_it_reminds_of(self) -> None:
        for note in self.planned().values():
            if KINDS[note.template].moment in ("before_visit", "weekly"):
                assert all(note.send_at < self.dates[each].start for each in note.covers)

    @invariant()
    def no_two_planned_messages_say_the_same_of_one_date(self) -> None:
        said = [(note.template, each) for note in self.planned().values() for each in note.covers]
        assert len(said) == len(set(said))

    @invariant()
    def every_single_date_two_days_ahead_has_its_reminder_of_the_day_before(self) -> None:
        covered = {
            each
            for note in self.world.state.notes.values()
            if note.template == "APPT_D1"
            for each in note.covers
        }
        ahead = {
            name
            for name, visit in self.dates.items()
            if not visit.series and self.day(visit.start) > self.day(self.world.at) + timedelta(days=2)
        }
        assert self.dead or ahead <= covered

    def day(self, instant: datetime) -> date:
        return rules().calendar.day(instant)

    @invariant()
    def a_message_is_wanted_once(self) -> None:
        wanted = [fact.message_id for fact, _ in self.world.facts if isinstance(fact, MessageWanted)]
        assert len(wanted) == len(set(wanted))

    @invariant()
    def what_is_unwanted_was_wanted(self) -> None:
        wanted: set[str] = set()
        for fact, _ in self.world.facts:
            if isinstance(fact, MessageWanted):
                wanted.add(fact.message_id)
            elif isinstance(fact, MessageUnwanted):
                wanted.remove(fact.message_id)


Agendas.TestCase.settings = explored(60, steps=30)
TestAgendas = Agendas.TestCase
