"""People link, dismiss, triage, take back, merge and undo over several referrals of two patients, on the real engine: a
referral is linked once, and nothing of it is lost."""

import asyncio
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import Actor, Order, Send, one, together
from schemas.referral.v1.intake import SubmittedPatient
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.reactions import merge, undo_merge
from services.referral.patient.states import RecordDeath
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import (
    ConfirmCancellation,
    DismissDuplicate,
    RaiseRedFlag,
    RequestCancellation,
)
from services.referral.referral.reactions.intake import registration
from services.referral.referral.reactions.person import link
from services.referral.referral.states import Cancelled
from services.referral.service import SERVICE
from tests.support.deciding import START
from tests.support.effort import explored
from tests.support.memory_system import MemorySystem
from tests.support.submissions import NO_FLAGS, a_patient
from tests.unit.referral.situations import (
    ACCEPT,
    COORDINATOR,
    NURSE,
    REFERRER,
    REGISTRAR,
    receive,
    rules,
    triage,
)

PATIENTS = [derive(ROOT, f"patient {number}") for number in range(2)]
REFERRALS = [derive(ROOT, f"referral {number}") for number in range(4)]
A_REFERRAL = st.sampled_from(REFERRALS)
RANKS = rules().scheme.values.ranks
FLAG: Any = min(NO_FLAGS)


class Linking(RuleBasedStateMachine):
    """`ended`: each linked referral as it was when it was linked."""

    @initialize()
    def four_referrals_of_two_patients(self) -> None:
        self.system = MemorySystem(START, {SERVICE: rules()})
        self.referrals: dict[str, Any] = {}
        self.ended: dict[str, Any] = {}
        self.dismissed: set[tuple[str, str]] = set()
        said = registration(SubmittedPatient.model_validate(a_patient()), rules())
        for patient in PATIENTS:
            self.give(PATIENT.send(said, to=one(patient)), REFERRER, about=patient)
        for number, referral in enumerate(REFERRALS):
            arrived = START + timedelta(hours=number)
            self.system.clock.move(arrived)
            sent = REFERRAL.send(receive(source_id=referral, on=arrived), to=one(referral))
            patient = PATIENTS[number // 3]
            assert self.give(together(sent, about=one(patient), pathway=one(referral)), REFERRER)

    def give(self, order: Order | Send, actor: Actor, about: str | None = None) -> bool:
        """Whether it was done; refused, nothing changed."""
        outcome = asyncio.run(self.system.order("referral", order, actor=actor, about=about))
        before, self.referrals = self.referrals, self.read(REFERRAL, REFERRALS)
        if outcome.refusal is not None:
            assert self.referrals == before, "a refused command changes nothing"
        return outcome.refusal is None

    def read(self, aggregate: Any, ids: list[str]) -> dict[str, Any]:
        runtime = self.system.workers["referral"].runtime

        async def load() -> dict[str, Any]:
            found = {each: await runtime.load(aggregate, each) for each in ids}
            return {each: snapshot for each, snapshot in found.items() if snapshot is not None}

        return asyncio.run(load())

    @rule(referral=A_REFERRAL, kept=A_REFERRAL)
    def link(self, referral: str, kept: str) -> None:
        before = self.referrals
        if referral in before and self.give(link(before[referral], kept, None), COORDINATOR):
            old, other, now = (
                before[kept].state.course,
                before[referral].state.course,
                self.referrals[kept].state.course,
            )
            assert isinstance(self.referrals[referral].state, Cancelled)
            assert now.clock_start == min(old.clock_start, other.clock_start)
            assert set(now.attached) >= {other.package_ref, *other.attached, *old.attached}
            ranks = [RANKS[each.urgency.category] for each in (old, other) if each.urgency]
            assert (RANKS[now.urgency.category] if now.urgency else None) == min(ranks, default=None)
            counted = [each.urgency.triage_no for each in (old, other) if each.urgency]
            assert (now.urgency.triage_no if now.urgency else 0) == max(counted, default=0), (
                "no triage is counted twice"
            )
            self.ended[referral] = self.referrals[referral].state

    @rule(referral=A_REFERRAL, other=A_REFERRAL)
    def dismiss(self, referral: str, other: str) -> None:
        command = DismissDuplicate(other_referral_id=other)
        if referral in self.referrals and self.give(REFERRAL.send(command, to=one(referral)), COORDINATOR):
            self.dismissed.add((referral, other))

    @rule(
        referral=A_REFERRAL,
        step=st.sampled_from(
            (
                *((NURSE, triage("cat_1")), (NURSE, triage("cat_3")), (NURSE, ACCEPT)),
                (COORDINATOR, RequestCancellation(reason="moved_away", by="patient")),
                (COORDINATOR, ConfirmCancellation()),
                (NURSE, RaiseRedFlag(flag=FLAG)),
            )
        ),
    )
    def go_on(self, referral: str, step: Any) -> None:
        actor, command = step
        if referral in self.referrals:
            self.give(REFERRAL.send(command, to=one(referral)), actor)

    @rule(undo=st.booleans())
    def merge_or_undo(self, undo: bool) -> None:
        surviving = self.read(PATIENT, PATIENTS)[PATIENTS[0]]
        self.give((undo_merge if undo else merge)(surviving, PATIENTS[1], None), REGISTRAR)

    @rule(patient=st.sampled_from(PATIENTS), really=st.integers(0, 5))
    def die(self, patient: str, really: int) -> None:
        if not really:
            self.give(PATIENT.send(RecordDeath(source="family"), to=one(patient)), REGISTRAR)

    @invariant()
    def what_was_linked_never_moves_again(self) -> None:
        for referral, then in self.ended.items():
            now = self.referrals[referral].state
            assert isinstance(now, Cancelled) and now.reason == then.reason
            assert {each.flag_id for each in then.course.flags} <= {each.flag_id for each in now.course.flags}
            assert not REFERRAL.timers(now, rules()), "nobody is reminded of it"

    @invariant()
    def nobody_is_asked_about_a_pair_that_was_linked(self) -> None:
        for referral, state in self.ended.items():
            kept = self.referrals[state.kept_id].state.course
            assert all(each.other_referral_id != referral for each in kept.suspected)

    @invariant()
    def every_link_leads_to_one_that_was_not_linked(self) -> None:
        """Without a detour, and that one knows of it."""
        for referral in self.ended:
            kept = self.referrals[referral].state.kept_id
            assert kept not in self.ended, "one truth"
            assert referral in self.referrals[kept].state.course.linked

    @invariant()
    def what_was_dismissed_is_not_asked_again(self) -> None:
        for referral, other in self.dismissed:
            suspected = self.referrals[referral].state.course.suspected
            assert all(each.other_referral_id != other for each in suspected)


TestLinking = Linking.TestCase
TestLinking.settings = explored(70, steps=25)
