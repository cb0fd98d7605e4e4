"""What is known of visits and contacts: the newest date counts, nothing is recorded twice."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Actor, Command
from schemas.care_plan.v1.contact import ContactRecorded
from services.care_plan.contact.aggregate import CONTACT, RecordContact
from services.care_plan.visit.aggregate import VISIT, EndVisit, MoveVisit, NoteVisit
from services.care_plan.visit.facts import VisitMoved, VisitNoted
from services.care_plan.visit.states import Unknown
from tests.support.deciding import LANE, START
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, rules, some_id

ENDINGS = ("patient_attended", "patient_did_not_attend", "appointment_cancelled")


class Visits(Machine):
    """One appointment, as its facts tell it."""

    told: list[Command]

    @initialize()
    def nothing_is_booked(self) -> None:
        self.begin(VISIT, rules())
        self.told = []

    @rule(how=st.sampled_from(ENDINGS))
    def ends(self, how: str) -> None:
        known = not isinstance(self.world.state, Unknown)
        self.tell(EndVisit(how=how))
        assert not known or self.world.state.ended == how

    @rule(version=st.integers(1, 4))
    def is_moved(self, version: int) -> None:
        self.tell(MoveVisit(start=START + timedelta(days=version), version=version))

    @rule()
    def is_booked(self) -> None:
        self.tell(NoteVisit(purpose="review", discipline="medical", start=START, version=1))

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """An older date that is told again sets nothing back."""
        dates = [each for each in self.told if isinstance(each, NoteVisit | MoveVisit)]
        if dates and not isinstance(self.world.state, Unknown):
            before = self.world.state
            self.world.command(data.draw(st.sampled_from(dates)), some_id("told again"))
            assert self.world.state.version >= before.version

    def tell(self, command: Command) -> None:
        self.told.append(command)
        self.hear(command, some_id(f"fact {len(self.told)}"))

    @invariant()
    def the_newest_date_counts(self) -> None:
        dates = self.made(VisitNoted) + self.made(VisitMoved)
        if dates:
            newest = max(dates, key=lambda fact: fact.version)
            assert (self.world.state.start, self.world.state.version) == (newest.start, newest.version)
            assert len({fact.version for fact in dates}) == len(dates)
        assert bool(dates) != isinstance(self.world.state, Unknown)


class Contacts(Machine):
    """One contact."""

    @initialize()
    def nobody_called(self) -> None:
        self.begin(CONTACT, rules())

    @rule(
        actor=st.sampled_from((NURSE, COORDINATOR)),
        kind=st.sampled_from(("welfare", "hold_call", "reply")),
    )
    def record(self, actor: Actor, kind: Any) -> None:
        command = RecordContact(kind=kind, result="spoken", patient_id=LANE)
        self.refuse(OUTSIDERS, command)
        self.take(actor, command)

    @invariant()
    def it_is_recorded_once_and_stays_as_it_was(self) -> None:
        recorded = self.made(ContactRecorded)
        assert len(recorded) <= 1
        assert not recorded or self.world.state.kind == recorded[0].kind


TestVisits, TestContacts = Visits.TestCase, Contacts.TestCase
TestVisits.settings = TestContacts.settings = explored(30, steps=20)
