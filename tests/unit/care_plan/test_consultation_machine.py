"""Whatever is asked of a consultation in whatever order: begun once, completed once and whole, then never changed."""

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Actor, Command
from schemas.care_plan.v1.consultation import ConsultationCompleted, ConsultationStarted, LetterSigned
from schemas.care_plan.v1.plan import PlanNotDrafted
from services.care_plan.consultation.aggregate import CONSULTATION
from services.care_plan.consultation.commands import (
    AbandonConsultation,
    AddAddendum,
    DropDraft,
    NoteDraft,
    RecordResult,
    StartConsultation,
)
from services.care_plan.consultation.decide import NEEDS_PLAN
from services.care_plan.consultation.facts import DraftNoted, DraftNotWanted
from services.care_plan.consultation.states import Abandoned, Completed
from services.care_plan.history.states import History
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, PHYSICIAN, rules, some_id
from tests.unit.care_plan.test_consultation import NO_PLAN, SIGN, START, VISITS, complete

ACTORS = st.sampled_from((PHYSICIAN, PHYSICIAN, NURSE))
OUTCOMES = st.sampled_from((*sorted(NEEDS_PLAN), *NO_PLAN, "NOT_SUITABLE"))
ASKED = st.sampled_from(
    (
        *(START, StartConsultation(appointment_id=some_id("another"), kind="review"), SIGN, SIGN),
        *(RecordResult(result="no_finding"), RecordResult(result="back_to_clinic")),
    )
)


KINDS = (ConsultationStarted, ConsultationCompleted, LetterSigned, PlanNotDrafted, DraftNoted, DraftNotWanted)


class Consultations(Machine):
    """One consultation."""

    drafts: int
    over: bool
    """Its referral ended."""
    late: bool
    """It was completed afterwards."""

    @initialize(begun=st.booleans())
    def a_visit_is_planned(self, begun: bool) -> None:
        self.begin(CONSULTATION, rules())
        self.world.others = VISITS
        self.drafts, self.over, self.late = 0, False, False
        if begun:
            self.ask(NURSE, START)

    @rule(actor=ACTORS, command=ASKED)
    def ask(self, actor: Actor, command: Command) -> None:
        self.do(actor, command)
        assert not self.take(actor, command), "the same again changes nothing"

    @rule(actor=ACTORS, outcome=OUTCOMES, coded=st.integers(0, 3), skipped=st.integers(0, 3))
    def complete(self, actor: Actor, outcome: Any, coded: int, skipped: int) -> None:
        command = complete(outcome)
        if not coded:
            command = msgspec.structs.replace(command, diagnoses=())
        if not skipped:
            command = msgspec.structs.replace(command, checklist=dict(list(command.checklist.items())[1:]))
        if self.do(actor, command):
            assert coded and skipped and actor is PHYSICIAN
            self.late = self.over
        if self.take(actor, complete("PIFU")):
            assert not (coded and skipped)
            self.late = self.over

    @rule(actor=ACTORS, really=st.integers(0, 3))
    def leave(self, actor: Actor, really: int) -> None:
        if not really:
            self.do(actor, AbandonConsultation(reason="emergency"))

    @rule(actor=ACTORS)
    def amend(self, actor: Actor) -> None:
        before = self.world.state
        self.do(actor, AddAddendum(text="She called later."))
        if isinstance(before, Completed):
            assert self.world.state == msgspec.structs.replace(before, addenda=before.addenda + 1)

    @rule()
    def draft(self) -> None:
        self.drafts += 1
        self.hear(NoteDraft(), some_id(f"draft {self.drafts}"))

    @rule()
    def its_referral_ends(self) -> None:
        self.over, self.world.others = True, {**VISITS, TARGET: History(is_over=True)}
        self.hear(DropDraft(), some_id("the end of the referral"))
        assert not CONSULTATION.timers(self.world.state, rules()), "nobody is late any more"

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.world.at += timedelta(days=days)
        for timer in dict(CONSULTATION.timers(self.world.state, rules())).values():
            if timer.due <= self.world.at:
                assert self.hear(timer.command, some_id("the timer")), "a timer that changes nothing"

    def do(self, actor: Actor, command: Command) -> list[Any]:
        self.refuse((*OUTSIDERS, COORDINATOR), command)
        before = self.world.state
        made = self.take(actor, command)
        assert not (made and isinstance(before, Abandoned)), "an end is an end"
        return made

    @invariant()
    def each_step_is_taken_once(self) -> None:
        for kind in KINDS:
            assert len(self.made(kind)) <= 1

    @invariant()
    def its_outcome_stands(self) -> None:
        completed = self.made(ConsultationCompleted)
        assert bool(completed) == isinstance(self.world.state, Completed)
        for fact in completed:
            assert fact.diagnoses and self.world.state.outcome == fact.outcome
            assert (fact.plan_due is None) == (fact.outcome not in NEEDS_PLAN or self.late)

    @invariant()
    def a_plan_that_is_wanted_is_drafted_announced_as_missing_or_awaited(self) -> None:
        told = self.made(ConsultationCompleted)
        if told and told[0].plan_due:
            ways = (self.made(DraftNoted), self.made(PlanNotDrafted), self.made(DraftNotWanted))
            awaited = CONSULTATION.timers(self.world.state, rules())
            assert sum(map(bool, (*ways, awaited))) == 1


TestConsultations = Consultations.TestCase
TestConsultations.settings = explored(60, steps=30)
