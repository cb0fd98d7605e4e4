"""Whatever happens to a procedure, its date and the patient's drugs in whatever order: nobody follows a text that was
signed for something else."""

from dataclasses import replace as replaced
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from msgspec.structs import replace

from backbone.model import like
from backbone.model.person import PERSON, Person
from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanInvalidated,
    AntithromboticPlanRequested,
    AntithromboticPlanSigned,
)
from services.care_plan.antithrombotic_plan.aggregate import ANTITHROMBOTIC_PLAN
from services.care_plan.antithrombotic_plan.commands import (
    CancelPlan,
    DropDate,
    FinishPlan,
    LookAtDrugs,
    LookBeside,
    NoteDate,
    NoteInr,
    StateRenalFunction,
)
from services.care_plan.antithrombotic_plan.content import need, use_by_kidneys
from services.care_plan.antithrombotic_plan.facts import DateDropped, DateNoted, PlanCancelled, PlanFinished
from services.care_plan.antithrombotic_plan.states import (
    Cancelled,
    Finished,
    Invalidated,
    NoPlan,
    NotNeeded,
    Proposed,
    Requested,
    Signed,
    Written,
)
from services.care_plan.conflict.states import Procedure, Rest
from services.care_plan.override.states import Decided
from services.care_plan.renal_function.aggregate import RENAL_FUNCTION, NoteRenalFunction
from services.care_plan.renal_function.states import KIND
from tests.support.deciding import LANE, World
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.holds import (
    APPOINTMENT,
    LUMBAR,
    STIMULATOR,
    TEXT,
    Answering,
    agree,
    at,
    draft,
    ordered,
    sign,
    takes,
)
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, PROCEDURALIST, rules, some_id

DRUGS = st.sampled_from(
    ("warfarin", "apixaban", "dabigatran", "aspirin", "enoxaparin", "naproxen", "other_antithrombotic")
)
LISTS = st.builds(
    lambda drugs, whole: takes(*sorted(drugs), whole=whole),
    st.sets(DRUGS, max_size=3),
    st.sampled_from((True, True, True, False)),
)
PROCEDURES = st.sampled_from((ordered(), LUMBAR, STIMULATOR, ordered("esi_il_ct", "cervical")))
ANSWERS = st.sampled_from(({}, {"goes_on": True}, {"hold_hours": 48}))
BEGIN = at("2027-04-01 10:00")


THEIRS = ("rest", some_id("another record of the person"))
OF_BOTH = replaced(
    ANTITHROMBOTIC_PLAN,
    needs=lambda state, command: (
        [THEIRS] if isinstance(command, LookBeside) else ANTITHROMBOTIC_PLAN.needs(state, command)
    ),
)


class Plans(Machine):
    """One procedure of a patient whose list of drugs changes."""

    renal: World
    granted: set[str]
    moved: int
    told: int

    @initialize(lists=LISTS)
    def nothing_is_ordered(self, lists: Any) -> None:
        self.begin(OF_BOTH, rules())
        self.world.at = BEGIN
        self.world.others = Answering({("opioid_profile", LANE): lists})
        beside = {(PERSON.kind, LANE): Person()}
        self.renal = World(RENAL_FUNCTION, rules(), RENAL_FUNCTION.initial, others=beside)
        self.granted = set()
        self.moved, self.told = 0, 0

    @rule(procedure=PROCEDURES)
    def it_is_ordered(self, procedure: Any) -> None:
        self.say(procedure)
        assert not isinstance(self.world.state, NoPlan)

    @rule(lists=LISTS)
    def another_list_comes(self, lists: Any) -> None:
        self.world.others = Answering({**self.world.others, ("opioid_profile", LANE): lists})
        self.say(LookAtDrugs(patient_id=LANE))
        assert not self.say(LookAtDrugs(patient_id=LANE)), "once, also if it is delivered twice"

    @rule(days=st.integers(min_value=0, max_value=20), other=st.booleans())
    def the_date_is_noted_or_moved(self, days: int, other: bool) -> None:
        if isinstance(self.world.state, NoPlan):
            return
        self.moved += 1
        command = NoteDate(
            appointment_id=some_id("another") if other else APPOINTMENT,
            version=self.moved,
            start=BEGIN + timedelta(days=days),
        )
        self.say(command)
        assert not self.say(command)

    @rule(other=st.booleans())
    def the_date_is_cancelled(self, other: bool) -> None:
        self.say(DropDate(appointment_id=some_id("another") if other else APPOINTMENT))

    @rule(days=st.integers(min_value=0, max_value=30), known=st.booleans())
    def another_record_has_a_procedure(self, days: int, known: bool) -> None:
        day = rules().calendar.day(BEGIN) + timedelta(days=days)
        theirs = Procedure(some_id("their date"), some_id("their procedure"), day if known else None)
        self.world.others = Answering({**self.world.others, THEIRS: Rest(procedures=(theirs,))})
        before = self.world.state
        made = self.say(LookBeside(patient_id=LANE))
        assert not self.say(LookBeside(patient_id=LANE)), "once for the same day"
        if made:
            assert known and isinstance(before, Written) and isinstance(self.world.state, Invalidated)
            assert before.known.appointment is not None
            longest = max(each.hold_hours or 0 for each in before.lines)
            on = rules().calendar.day(before.known.appointment.start)
            assert abs(on - day) <= timedelta(hours=longest)

    @rule(hours=st.sampled_from((6, 24, 120)))
    def time_passes(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)

    @rule(drugs=st.sets(DRUGS, max_size=2), said=ANSWERS)
    def somebody_drafts(self, drugs: set[str], said: dict[str, Any]) -> None:
        command = draft(**dict.fromkeys(sorted(drugs), said))
        self.refuse((*OUTSIDERS, COORDINATOR, NURSE), command)
        self.take(PROCEDURALIST, command)

    @rule(drug=DRUGS)
    def somebody_agrees(self, drug: str) -> None:
        self.refuse((*OUTSIDERS, COORDINATOR), agree(drug))
        self.take(NURSE, agree(drug))

    @rule(granted=st.booleans())
    def who_may_decides(self, granted: bool) -> None:
        if question := self.world.state.known.override_id:
            answer = Decided(
                rule="ANT-06",
                role="medical_director",
                subject_id=some_id("plan"),
                granted=granted,
                reason="other",
                decided_by=some_id("director"),
            )
            self.world.others = Answering({**self.world.others, ("override", question): answer})
            self.granted = (self.granted - {question}) | ({question} if granted else set())

    @rule(value=st.sampled_from(("30", "49", "50", "90", None)), days=st.integers(min_value=0, max_value=120))
    def the_kidneys_are_stated(self, value: str | None, days: int) -> None:
        day = (self.world.at - timedelta(days=days)).date()
        command = StateRenalFunction(
            taken_on=day, measure="egfr", ml_per_min=Decimal(value) if value else None
        )
        self.refuse((*OUTSIDERS, COORDINATOR), command)
        for fact in self.take(NURSE, command):
            self.renal.command(like(NoteRenalFunction, fact), some_id(f"value {self.told}"))
            self.world.others = Answering({**self.world.others, (KIND, LANE): self.renal.state})
            self.say(LookAtDrugs(patient_id=LANE))
            assert not self.say(LookAtDrugs(patient_id=LANE))

    @rule(stopped=st.booleans(), late=st.booleans(), text=st.sampled_from((TEXT, "Call us first.")))
    def somebody_signs(self, stopped: bool, late: bool, text: str) -> None:
        self.refuse((*OUTSIDERS, COORDINATOR, NURSE), sign(self.moved, already_stopped=stopped))
        before = self.world.state
        command = replace(sign(self.moved - late, already_stopped=stopped), text=text)
        made = self.take(PROCEDURALIST, command)
        if isinstance(self.world.state, Signed) and not late:
            assert not made or self.read() == text
            assert not self.take(PROCEDURALIST, command), "the same again is nothing"
        for fact in made:
            if isinstance(fact, AntithromboticPlanSigned):
                self.is_right(fact, before)

    def read(self) -> str:
        """What the patient reads."""
        return msgspec.json.decode(self.world.contents[self.world.state.text_ref], type=str)

    def is_right(self, fact: AntithromboticPlanSigned, before: Any) -> None:
        on = before.known.appointment
        assert (fact.appointment_id, fact.appointment_version) == (on.id, on.version)
        assert all(each.settled for each in before.lines)
        told = before.known.whole and not any(each.unknown for each in before.lines)
        assert told or before.known.override_id in self.granted
        for each in before.lines:
            if by_kidneys := use_by_kidneys(each.drug, before.known, rules()):
                assert each.use == by_kidneys, "held as the kidneys have it on that day"
        held = [each for each in before.lines if each.hold_hours is not None]
        assert all(each.agreement_ref for each in held) and fact.prescriber_agreed
        assert (fact.last_dose_at is None) == (not held)
        assert fact.last_dose_at is None or fact.last_dose_at < on.start

    @rule(days=st.integers(min_value=0, max_value=20))
    def an_inr_is_too_high(self, days: int) -> None:
        when = BEGIN + timedelta(days=days)
        made = self.say(NoteInr(fact_id=some_id(f"inr {days}"), at=when))
        on = self.world.state.known.appointment
        assert not made or (on is not None and on.start.date() == when.date())

    @rule(performed=st.booleans())
    def it_ends(self, performed: bool) -> None:
        self.say(FinishPlan() if performed else CancelPlan())

    def say(self, command: Any) -> list[Any]:
        self.told += 1
        return list(self.hear(command, some_id(f"fact {self.told}")))

    @invariant()
    def who_has_a_signed_plan_has_the_date_and_the_drugs_of_it(self) -> None:
        state = self.world.state
        if isinstance(state, Signed):
            on = state.known.appointment
            assert on and (state.appointment_id, state.appointment_version) == (on.id, on.version)
            assert {each.drug for each in state.lines} >= set(state.known.drugs)
            assert state.text_ref in self.world.contents

    @invariant()
    def what_was_signed_is_signed_or_was_said_to_be_invalid_or_is_over(self) -> None:
        told = [
            fact
            for fact, _ in self.world.facts
            if isinstance(
                fact,
                AntithromboticPlanSigned | AntithromboticPlanInvalidated | PlanFinished,
            )
        ]
        signed = bool(told) and isinstance(told[-1], AntithromboticPlanSigned)
        assert signed == isinstance(self.world.state, Signed)
        for before, after in zip([None, *told], told, strict=False):
            if isinstance(after, AntithromboticPlanInvalidated):
                assert after.was_signed == isinstance(before, AntithromboticPlanSigned)
                assert after.was_signed or not after.hold_running

    @invariant()
    def whatever_blocks_was_said(self) -> None:
        state = self.world.state
        if isinstance(state, NoPlan | Cancelled | Finished):
            return
        found = need(state.known, rules())
        said = self.made(AntithromboticPlanRequested)
        if isinstance(state, NotNeeded):
            assert not found.asked and not said
        elif isinstance(state, Invalidated) or not isinstance(state, Written):
            assert said and (said[-1].blocking or not found.blocking)
        if isinstance(state, Requested) and state.known.blocking:
            assert said[-1].drug_count >= len(state.known.drugs), (
                "whoever waives it was asked about all of them"
            )

    @invariant()
    def what_is_over_stays_so(self) -> None:
        ends = [fact for fact, _ in self.world.facts if isinstance(fact, PlanCancelled | PlanFinished)]
        assert len(ends) <= 1
        assert bool(ends) == isinstance(self.world.state, Cancelled | Finished)

    @invariant()
    def a_proposal_knows_its_date(self) -> None:
        dates = [fact for fact, _ in self.world.facts if isinstance(fact, DateNoted | DateDropped)]
        on = self.world.state.known.appointment if isinstance(self.world.state, Proposed) else None
        if on is not None:
            last = dates[-1]
            start: datetime | None = last.start if isinstance(last, DateNoted) else None
            assert on.start == start


TestPlans = Plans.TestCase
TestPlans.settings = explored(60, steps=30)
