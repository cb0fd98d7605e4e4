"""Consents, contacts, telephone numbers and circles: said in any order, the latest word counts once."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.contacts import Contact
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from services.notifications.agenda.commands import Source
from services.notifications.circle.aggregate import CIRCLE, Tell
from services.notifications.circle.facts import ProfessionalTold
from services.notifications.consent.aggregate import (
    CONSENT,
    Agreed,
    GiveConsent,
    NotAsked,
    WithdrawConsent,
    Withdrawn,
    consent_id,
)
from services.notifications.contact.aggregate import CONTACT, FileContact
from services.notifications.contact.states import Reachable, contact_id
from services.notifications.phone.aggregate import PHONE, BelongTo, OptedOut, OptIn, OptOut, patients_of
from services.notifications.phone.facts import PhoneBelongs
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.notifications.situations import COORDINATOR, rules

PATIENT = Actor("patient", derive(ROOT, "the patient"))
PRACTICE = Actor("referrer", derive(ROOT, "a practice"))
STAFF = [member.id for member in rules().staff.members][:4]
FAMILY = [derive(ROOT, f"patient {number}") for number in range(3)]
SETTINGS = explored(60, steps=20)


class Consents(Machine):
    """One channel of one patient."""

    @initialize()
    def nobody_asked(self) -> None:
        self.begin(CONSENT, rules())
        self.given = False

    @rule(actor=st.sampled_from((COORDINATOR, PATIENT, PRACTICE)))
    def is_given(self, actor: Actor) -> None:
        made = self.take(actor, GiveConsent(channel="sms", purpose="care"))
        assert [type(fact) for fact in made] == [ConsentRecorded] * (not self.given and actor != PRACTICE)
        self.given = self.given or actor != PRACTICE

    @rule(actor=st.sampled_from((COORDINATOR, PATIENT, PRACTICE)))
    def is_withdrawn(self, actor: Actor) -> None:
        withdrawn = isinstance(self.world.state, Withdrawn)
        made = self.take(actor, WithdrawConsent(channel="sms", purpose="care", via="portal"))
        assert [type(fact) for fact in made] == [ConsentWithdrawn] * (not withdrawn and actor != PRACTICE)
        self.given = self.given and actor == PRACTICE

    @invariant()
    def it_is_given_or_it_is_not(self) -> None:
        assert isinstance(self.world.state, Agreed) == self.given
        assert self.given or isinstance(self.world.state, NotAsked | Withdrawn)


class Contacts(Machine):
    """One patient's."""

    @initialize()
    def nothing_known(self) -> None:
        self.begin(CONTACT, rules())
        self.said: Contact | None = None

    @rule(phone=st.sampled_from([None, "+1 212 555-0142"]), email=st.sampled_from([None, "a@example.net"]))
    def is_told(self, phone: str | None, email: str | None) -> None:
        contact = Contact(phone=phone, email=email, time_zone="America/New_York")
        body = contact.model_dump_json(exclude_none=True)
        made = self.hear(FileContact(body=body), derive(ROOT, f"record {len(self.world.facts)}"))
        assert bool(made) == (contact != self.said)
        self.said = contact

    @invariant()
    def the_latest_word_counts(self) -> None:
        if isinstance(self.world.state, Reachable) and self.said:
            assert ("sms" in self.world.state.channels) == bool(self.said.phone)
            assert ("email" in self.world.state.channels) == bool(self.said.email)


class Phones(Machine):
    """One number. `reached` are those whose number it is now."""

    @initialize()
    def unknown(self) -> None:
        self.begin(PHONE, rules())
        self.reached: set[str] = set()
        self.agreed: set[str] = set()
        self.opted_out = False
        self.texts = 0

    def around(self) -> None:
        """What the decider sees beside the number."""
        others: dict[str, Any] = {}
        for each in FAMILY:
            phone_id = TARGET if each in self.reached else derive(ROOT, "another number")
            others[contact_id(each)] = Reachable(contact_ref=TARGET, channels=(), phone_id=phone_id)
            others[consent_id(each, "sms")] = Agreed() if each in self.agreed else Withdrawn()
        self.world.others = others

    def say(self, command: Command) -> list[Any]:
        self.around()
        self.texts += 1
        return self.take(SYSTEM, command)

    @rule(patient=st.sampled_from(FAMILY))
    def reaches(self, patient: str) -> None:
        made = self.say(BelongTo(patient_id=patient))
        is_new = patient not in self.reached
        assert made == [PhoneBelongs(patient_id=patient, opted_out=self.opted_out)] * is_new
        self.reached.add(patient)

    @rule(patient=st.sampled_from(FAMILY))
    def reaches_no_more(self, patient: str) -> None:
        self.reached.discard(patient)

    @rule(patient=st.sampled_from(FAMILY))
    def somebody_agrees(self, patient: str) -> None:
        self.agreed.add(patient)

    @rule()
    def opts_out(self) -> None:
        """Every time that it changes something, and not when it changes nothing."""
        known = patients_of(self.world.state)
        changes = not self.opted_out or not self.agreed.isdisjoint(known)
        command = OptOut(inbound_id=derive(ROOT, f"text {self.texts}"))
        assert len(self.say(command)) == changes and self.say(command) == []
        self.opted_out, self.agreed = True, self.agreed - set(known)

    @rule()
    def opts_in(self) -> None:
        made = self.say(OptIn(inbound_id=derive(ROOT, f"text {self.texts}")))
        assert len(made) == self.opted_out
        self.opted_out = False

    @invariant()
    def the_opt_out_is_the_numbers(self) -> None:
        assert isinstance(self.world.state, OptedOut) == self.opted_out
        assert self.reached <= set(patients_of(self.world.state))


class Circles(Machine):
    """One referral's."""

    @initialize()
    def nobody(self) -> None:
        self.begin(CIRCLE, rules())
        self.team: set[str] = set()
        self.sequence = 0

    @rule(who=st.sampled_from(STAFF), joins=st.booleans())
    def the_team_changes(self, who: str, joins: bool) -> None:
        self.sequence += 1
        command = self.told(joined=(who,) if joins else (), left=() if joins else (who,))
        self.hear(command, derive(ROOT, f"fact {self.sequence}"))
        self.team = self.team | {who} if joins else self.team - {who}

    @rule(author=st.sampled_from(STAFF))
    def a_plan_changes(self, author: str) -> None:
        self.sequence += 1
        command = self.told(says=("PLAN_CHANGED",), author=author)
        made = self.hear(command, derive(ROOT, f"fact {self.sequence}"))
        told = [fact.recipient_id for fact in made if isinstance(fact, ProfessionalTold)]
        assert set(told) == self.team - {author} and len(told) == len(set(told))

    @rule()
    def an_old_fact_comes_again(self) -> None:
        if self.sequence:
            assert self.hear(self.told(joined=(STAFF[0],)), derive(ROOT, "again")) == []

    def told(self, **fields: Any) -> Tell:
        plan = derive(ROOT, "plan")
        return Tell(
            source=Source(plan, self.sequence), subject_id=plan, subject_version=self.sequence, **fields
        )

    @invariant()
    def the_team_is_who_joined_and_did_not_leave(self) -> None:
        assert set(self.world.state.members) == self.team


Consents.TestCase.settings = Contacts.TestCase.settings = SETTINGS
Phones.TestCase.settings = Circles.TestCase.settings = SETTINGS
TestConsents, TestContacts = Consents.TestCase, Contacts.TestCase
TestPhones, TestCircles = Phones.TestCase, Circles.TestCase
