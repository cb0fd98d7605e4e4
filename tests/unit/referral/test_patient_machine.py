"""Senders tell the registry more or less about one person; people merge it, give it back, record a death."""

from datetime import date
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import Actor
from schemas.referral.v1.intake import SubmittedPatient
from schemas.referral.v1.patient import PatientDeceased
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.states import (
    Contact,
    Identity,
    Merged,
    MergeInto,
    RecordDeath,
    Registered,
    Restore,
    Unregistered,
)
from services.referral.referral.reactions.intake import registration
from tests.support.effort import explored
from tests.support.submissions import a_patient
from tests.unit.referral.situations import NURSE, REFERRER, REGISTRAR, rules
from tests.unit.referral.test_state_machines import ACTORS, Machine

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
        self.begin(PATIENT)
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

    @rule(actor=PEOPLE)
    def die(self, actor: Actor) -> None:
        if isinstance(self.world.state, Registered):
            self.take(actor, RecordDeath(source="family"))
            assert len([fact for fact, _ in self.world.facts if isinstance(fact, PatientDeceased)]) <= 1

    @invariant()
    def everybody_has_one_number(self) -> None:
        numbers = {getattr(fact, "number", 1) for fact, _ in self.world.facts}
        assert numbers <= {1}


TestPatients = Patients.TestCase
TestPatients.settings = explored(30, steps=15)
