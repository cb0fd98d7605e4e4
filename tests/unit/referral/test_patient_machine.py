"""Senders tell the registry more or less about one person; people merge it, give it back, record a death."""

from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from msgspec.structs import replace

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor
from schemas.referral.v1.intake import SubmittedPatient
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.states import (
    Contact,
    GiveBack,
    Identity,
    Merged,
    MergeInto,
    RecordDeath,
    Registered,
    Restore,
    SettleDeath,
    TakeIn,
    Unregistered,
)
from services.referral.referral.reactions.intake import registration
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.support.submissions import a_patient
from tests.unit.referral.situations import NURSE, REFERRER, REGISTRAR, rules
from tests.unit.referral.test_state_machines import ACTORS

DAYS = st.sampled_from((None, date(2026, 12, 1), date(2026, 12, 2), date(2030, 1, 1)))
PEOPLE = st.sampled_from((NURSE, REGISTRAR, REFERRER))


def other_record(patient_id: str) -> Registered:
    return Registered(
        patient_id=patient_id,
        language="en",
        interpreter_needed=False,
        time_zone="UTC",
        contact_ref=derive(ROOT, "a contact"),
    )


class Patients(Machine):
    """Senders tell the registry more or less about one person."""

    known: dict[str, Any]

    @initialize()
    def nobody_is_registered(self) -> None:
        self.begin(PATIENT, rules())
        self.world.actor = REFERRER
        self.known = {}

    @rule(
        actor=ACTORS,
        language=st.sampled_from((None, "en", "es")),
        birth_date=st.sampled_from((None, date(1975, 5, 17), date(2012, 1, 1))),
        phone=st.sampled_from((None, "+1 212 555-0142", "+1 212 555-0199")),
        needs=st.sampled_from((None, ("wheelchair",))),
    )
    def tell(self, actor: Actor, language: Any, birth_date: Any, phone: Any, needs: Any) -> None:
        contact = {"phone": phone, "accessibility": needs}
        said = {**a_patient(), "language": language, "birth_date": birth_date, "contact": contact}
        command = registration(SubmittedPatient.model_validate(said), rules())
        refused = self.world.take(actor) or self.world.take(command)
        if refused is None:
            self.known.update({name: value for name, value in said.items() if value is not None})
            assert not self.take(actor, command), "the same again changes nothing"

    @invariant()
    def nothing_that_was_said_is_lost(self) -> None:
        if isinstance(self.world.state, Unregistered):
            return
        identity = msgspec.json.decode(self.world.contents[self.world.state.identity_ref], type=Identity)
        contact = msgspec.json.decode(self.world.contents[self.world.state.contact_ref], type=Contact)
        assert identity.birth_date == self.known.get("birth_date")
        assert contact.language == self.known.get("language", "en") == self.world.state.language
        assert contact.name == "Alex Example"

    @rule(actor=PEOPLE)
    def merge_and_give_back(self, actor: Actor) -> None:
        """Undone, it is as it was."""
        if not isinstance(self.world.state, Registered):
            return
        before, other = self.world.state, derive(ROOT, "survivor")
        self.world.others = {other: other_record(other)}
        if self.take(actor, MergeInto(surviving_id=other)):
            assert isinstance(self.world.state, Merged)
            assert self.take(actor, Restore(surviving_id=other))
            assert self.world.state == before

    @rule(actor=PEOPLE, died_on=DAYS)
    def die(self, actor: Actor, died_on: date | None) -> None:
        """Once, and on one day: it is told again when it becomes known, and another one is asked about."""
        if not isinstance(self.world.state, Registered):
            return
        before, command = self.world.state, RecordDeath(source="family", died_on=died_on)
        if self.world.take(actor) or self.world.take(command):
            assert self.world.state == before
            return
        assert not self.take(actor, command), "the same again changes nothing"
        state = self.world.state
        assert state.is_dead and before.died_on in (None, state.died_on)
        if died_on and died_on != state.died_on:
            assert state.is_doubted and state.other_day == died_on

    @rule(actor=PEOPLE, lives=st.booleans(), died_on=DAYS)
    def settle(self, actor: Actor, lives: bool, died_on: date | None) -> None:
        """By a registrar, only what is asked, or that whoever is recorded as dead lives; and what they say holds."""
        before = self.world.state
        settled = self.take(actor, SettleDeath(lives=lives, died_on=died_on))
        if not settled:
            assert self.world.state == before
            return
        state = self.world.state
        assert isinstance(state, Registered) and isinstance(before, Registered)
        assert before.is_doubted or (lives and before.is_dead)
        assert actor == REGISTRAR and not state.is_doubted
        assert state.is_dead is not lives
        assert state.died_on == (None if lives else died_on or before.died_on)

    @rule(actor=PEOPLE, died_on=DAYS)
    def take_in_somebody_who_died(self, actor: Actor, died_on: date | None) -> None:
        """They are one person: who was dead under one record is dead, and two days are asked about."""
        if not isinstance(self.world.state, Registered) or self.world.state.merged:
            return
        other, before = derive(ROOT, "another"), self.world.state
        dead = replace(other_record(other), is_dead=True, died_on=died_on)
        self.world.others = {other: dead}
        if self.take(actor, TakeIn(merged_id=other)):
            assert self.world.state.is_dead
            state = self.world.state
            if died_on and before.died_on and died_on != before.died_on:
                assert state.is_doubted and state.died_on == before.died_on
            assert self.take(actor, GiveBack(restored_id=other))
            assert before.is_dead or self.world.state.is_doubted

    @rule(years=st.integers(0, 3), days=st.integers(0, 40))
    def time_passes(self, years: int, days: int) -> None:
        """Whoever is due to be looked at is; then it is known of everybody whether they are a child."""
        end = self.world.at + timedelta(days=365 * years + days)
        while (timer := self.timers().get("age")) and timer.due <= end:
            self.world.at = max(timer.due, self.world.at)
            assert self.take(SYSTEM, timer.command), "never for nothing"
        self.world.at = end
        state, born = self.world.state, self.known.get("birth_date")
        if born and isinstance(state, Registered) and not state.is_dead:
            morning = end - timedelta(hours=24)
            grown = (morning.year - born.year, morning.month, morning.day) >= (18, born.month, born.day)
            assert state.is_adult or not grown

    def timers(self) -> Any:
        return PATIENT.timers(self.world.state, self.world.rules)

    @invariant()
    def who_is_doubted_is_dead(self) -> None:
        """There is always something to ask about."""
        if isinstance(self.world.state, Registered) and self.world.state.is_doubted:
            assert self.world.state.is_dead

    @invariant()
    def everybody_has_one_number(self) -> None:
        numbers = {getattr(fact, "number", 1) for fact, _ in self.world.facts}
        assert numbers <= {1}


TestPatients = Patients.TestCase
TestPatients.settings = explored(30, steps=15)
