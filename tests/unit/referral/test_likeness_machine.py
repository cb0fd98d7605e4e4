"""Referrals of people who look alike, in any order and again: of each newcomer it is asked who they are, once."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from services.referral.likeness.aggregate import LIKENESS, Resemble
from services.referral.likeness.facts import LikenessFound, PersonSeen
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.referral.situations import rules

PATIENTS = [derive(ROOT, f"patient {number}") for number in range(12)]
REFERRALS = [derive(ROOT, f"referral {number}") for number in range(3)]
ASKED = 5
"""So many are asked about at once: the closest."""


class Likenesses(Machine):
    """All with one name, birth date and telephone number. `came`: by patient the latest referral, the last one last."""

    @initialize()
    def nobody_came(self) -> None:
        self.begin(LIKENESS, rules())
        self.came: dict[str, str] = {}
        self.times = 0

    @rule(patient=st.sampled_from(PATIENTS), referral=st.sampled_from(REFERRALS))
    def somebody_comes(self, patient: str, referral: str) -> None:
        """Everybody else who ever came looks like them; told again, nobody is asked anything."""
        self.times += 1
        self.world.about = {"about": patient, "about_pathway": referral}
        made = self.hear(Resemble(), derive(ROOT, f"order {self.times}"))
        if self.came.get(patient) == referral:
            assert made == []
            return
        self.came.pop(patient, None)
        others = [*self.came.items()][::-1]
        more = len(others) - ASKED if len(others) > ASKED else None
        mine: Any = {"patient_id": patient, "referral_id": referral}
        assert made == [
            PersonSeen(**mine),
            *(
                LikenessFound(**mine, other_patient_id=other, other_referral_id=theirs, more=more)
                for other, theirs in others[:ASKED]
            ),
        ]
        self.came[patient] = referral

    @rule(patients=st.permutations(PATIENTS), referral=st.sampled_from(REFERRALS))
    def many_come(self, patients: list[str], referral: str) -> None:
        for patient in patients[: ASKED + 2]:
            self.somebody_comes(patient, referral)

    @rule(patient=st.none() | st.sampled_from(PATIENTS))
    def it_is_said_of_no_referral(self, patient: str | None) -> None:
        """Of whom nobody asks anything, nothing is kept."""
        self.times += 1
        self.world.about = {"about": patient}
        assert self.hear(Resemble(), derive(ROOT, f"order {self.times}")) == []

    @invariant()
    def who_was_seen_last_stands_last(self) -> None:
        assert [*self.world.state.seen.items()] == [*self.came.items()]

    @invariant()
    def no_two_are_forgotten(self) -> None:
        """As long as there are few of them: each two were asked about, whoever came first."""
        pairs = {frozenset((fact.patient_id, fact.other_patient_id)) for fact in self.made(LikenessFound)}
        assert all(len(pair) == 2 for pair in pairs), "nobody is taken for themselves"
        if len(self.came) <= ASKED + 1:
            assert len(pairs) == len(self.came) * (len(self.came) - 1) // 2


TestLikenesses = Likenesses.TestCase
TestLikenesses.settings = explored(40, steps=12)
