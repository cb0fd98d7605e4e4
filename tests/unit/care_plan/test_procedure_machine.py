"""Procedures and overrides under any sequence of orders, dates and decisions: nothing happens twice."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from schemas.care_plan.v1.override import OverrideLapsed, OverrideRecorded, OverrideRequested
from schemas.care_plan.v1.procedure import (
    ProcedureCancelled,
    ProcedureOrdered,
    ProcedureOutcomeNeeded,
    ProcedureOutcomeRecorded,
    ProcedureOutcomeSettled,
    ProcedurePerformed,
)
from services.care_plan.override.aggregate import OVERRIDE, DecideOverride, LapseOverride, RequestOverride
from services.care_plan.override.states import Asked, Decided, Lapsed, NotAsked
from services.care_plan.procedure.aggregate import PROCEDURE
from services.care_plan.procedure.commands import (
    CancelProcedure,
    EndWithPlan,
    LookAtLimits,
    LoseDate,
    RecordOutcome,
    RecordPerformed,
    SetDate,
)
from services.care_plan.procedure.facts import LimitGone, LimitReached
from services.care_plan.procedure.states import Cancelled, Done, Judged, Ordered
from services.care_plan.procedure_record.aggregate import (
    PROCEDURE_RECORD,
    ForgetProcedure,
    NoteProcedure,
    NoteProcedureDay,
    NoteProcedureRelief,
)
from tests.support.deciding import START, TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.procedures import VISIT, an_order, beside, known
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, PHYSICIAN, rules, some_id

ENDED = START - timedelta(minutes=30)
DAYS = st.just(0) | st.integers(0, 400)


class Answers(dict[Any, Any]):
    """Every override that is asked for stands as this one does."""

    answer: Any = Asked(rule="PRC-03", role="physician", subject_id=TARGET)

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (isinstance(key, tuple) and key[0] == "override")

    def __missing__(self, key: Any) -> Any:
        return self.answer


class Procedures(Machine):
    """One ablation, for which one block was made."""

    heard: int

    @initialize()
    def nothing_is_ordered(self) -> None:
        self.begin(PROCEDURE, rules())
        self.heard = 0
        block = known("mbb_ct", "2026-12-01", 90)
        self.world.others = Answers(beside(block, payer="medicare"))

    @rule()
    def is_ordered(self) -> None:
        order = an_order("rfa_ct")
        self.refuse((*OUTSIDERS, NURSE, COORDINATOR), order)
        self.take(PHYSICIAN, order)

    @rule(days=DAYS, version=st.integers(1, 4), visit=st.sampled_from((VISIT, some_id("another"))))
    def has_a_date(self, days: int, version: int, visit: str) -> None:
        command = SetDate(appointment_id=visit, version=version, start=START + timedelta(days=days))
        self.tell(command)

    @rule(visit=st.sampled_from((VISIT, some_id("another"))))
    def loses_its_date(self, visit: str) -> None:
        self.tell(LoseDate(appointment_id=visit))

    @rule(relief=st.integers(70, 90), days=st.integers(14, 60))
    def another_block_is_known(self, relief: int, days: int) -> None:
        earlier = (
            known("mbb_ct", "2026-11-01", 90),
            known("mbb_ct", START.date() - timedelta(days=days), relief),
        )
        self.world.others = Answers({**self.world.others, **beside(*earlier, payer="medicare")})
        self.tell(LookAtLimits())
        state = self.world.state
        if isinstance(state, Ordered):
            is_asked = "PRC-03" in {each.rule for each in state.asked}
            too_near = days > 50  # less than 14 days after the one before
            assert is_asked == (relief < 80 or too_near), "as it is known now"
        self.tell(LookAtLimits())
        assert self.world.state == state or not isinstance(state, Ordered)

    @rule(days=st.sampled_from((0, 1, 60)), relief=st.none() | st.integers(0, 100))
    def another_ablation_was_done(self, days: int, relief: int | None) -> None:
        """PRC-04: it waits for what that one brought, once, unless it is of the same day or known."""
        on = START.date() - timedelta(days=days)
        done = known("rfa_ct", on, relief)
        self.world.others = Answers({**self.world.others, **beside(done, payer="medicare")})
        was, before = self.world.state, len(self.made(ProcedureOutcomeNeeded))
        self.tell(LookAtLimits())
        made = self.made(ProcedureOutcomeNeeded)[before:]
        if isinstance(was, Ordered):
            is_new = relief is None and was.order.previous_id != done.procedure_id
            is_later = was.date is None or was.date.on > on
            assert [each.previous_id for each in made] == [done.procedure_id] * (is_new and is_later)
        else:
            assert not made
        self.tell(LookAtLimits())
        assert len(self.made(ProcedureOutcomeNeeded)) == before + len(made)

    @rule(relief=st.none() | st.integers(0, 100))
    def the_one_before_is_known_or_was_somebody_elses(self, relief: int | None) -> None:
        """PRC-04: it is told once of each that it waits for."""
        was, before = self.world.state, len(self.made(ProcedureOutcomeSettled))
        previous_id = was.order.previous_id if isinstance(was, Ordered) else None
        if previous_id is None:
            return
        day = START.date() - timedelta(days=90)
        done = [] if relief is None else [known("rfa_ct", day, relief, procedure_id=previous_id)]
        self.world.others = Answers({**self.world.others, **beside(*done, payer="medicare")})
        self.tell(LookAtLimits())
        self.tell(LookAtLimits())
        made = self.made(ProcedureOutcomeSettled)[before:]
        is_new = was.settled != previous_id
        assert [(each.previous_id, each.known) for each in made] == [(previous_id, bool(done))] * is_new

    @rule(granted=st.booleans())
    def somebody_answers(self, granted: bool) -> None:
        said: dict[str, Any] = {"rule": "PRC-03", "role": "physician", "subject_id": TARGET}
        self.world.others.answer = Decided(  # type: ignore[attr-defined]
            granted=granted, reason="other", decided_by=some_id("a physician"), **said
        )

    @rule(minutes=st.integers(-30, 60))
    def is_done(self, minutes: int) -> None:
        command = RecordPerformed(appointment_id=VISIT, ended_at=ENDED + timedelta(minutes=minutes))
        self.refuse((*OUTSIDERS, COORDINATOR), command)
        was = self.world.state
        made = self.take(NURSE, command)
        assert bool(made) == (isinstance(was, Ordered) and minutes <= 30)

    @rule(relief=st.integers(0, 100), days=st.none() | st.integers(0, 3))
    def is_judged(self, relief: int, days: int | None) -> None:
        command = RecordOutcome(relief_pct=relief, relief_days=days)
        self.refuse((*OUTSIDERS, COORDINATOR), command)
        was = self.world.state
        made = self.take(NURSE, command)
        assert not made or isinstance(was, Done)
        assert not made or days in (None, 0), "it was done today"

    @rule(by_plan=st.booleans())
    def is_not_going_ahead(self, by_plan: bool) -> None:
        if by_plan:
            self.tell(EndWithPlan(reason="plan_revoked"))
        else:
            self.refuse((*OUTSIDERS, COORDINATOR), CancelProcedure(reason="illness"))
            self.take(NURSE, CancelProcedure(reason="illness"))

    def tell(self, command: Any) -> None:
        self.heard += 1
        self.hear(command, some_id(f"fact {self.heard}"))

    @invariant()
    def each_step_happens_once_and_none_after_the_end(self) -> None:
        ordered, done = self.made(ProcedureOrdered), self.made(ProcedurePerformed)
        cancelled, judged = self.made(ProcedureCancelled), self.made(ProcedureOutcomeRecorded)
        assert len(ordered) <= 1 and len(done) + len(cancelled) <= len(ordered)
        assert not judged or done
        state = self.world.state
        assert isinstance(state, Done) == bool(done) and isinstance(state, Cancelled) == bool(cancelled)
        if isinstance(state, Judged):
            assert (state.relief_pct, state.relief_days) == (judged[-1].relief_pct, judged[-1].relief_days)

    @invariant()
    def at_most_one_question_of_each_rule_is_open_and_none_is_asked_twice(self) -> None:
        asked, gone = self.made(LimitReached), self.made(LimitGone)
        assert len({each.override_id for each in asked}) == len(asked)
        assert {each.override_id for each in gone} <= {each.override_id for each in asked}
        state = self.world.state
        if isinstance(state, Cancelled):
            assert state.asked == ()
        elif isinstance(state, Ordered):
            assert len({each.rule for each in state.asked}) == len(state.asked)


class Overrides(Machine):
    """One question."""

    @initialize()
    def nobody_asks(self) -> None:
        self.begin(OVERRIDE, rules())

    @rule(risk=st.sampled_from(("limit", "unknown", None)))
    def a_rule_asks(self, risk: Any) -> None:
        was = self.world.state
        made = self.hear(
            RequestOverride(rule="PRC-01", subject_id=some_id("it"), coverage_risk=risk), some_id("a limit")
        )
        assert bool(made) == isinstance(was, NotAsked)

    @rule(granted=st.booleans())
    def somebody_decides(self, granted: bool) -> None:
        was = self.world.state
        command = DecideOverride(granted=granted, reason="other")
        if not isinstance(was, NotAsked | Lapsed):
            self.refuse((*OUTSIDERS, NURSE, COORDINATOR), command)
        made = self.take(PHYSICIAN, command)
        is_news = isinstance(was, Asked) or (isinstance(was, Decided) and was.granted != granted)
        assert bool(made) == is_news

    @rule()
    def the_question_is_gone(self) -> None:
        self.hear(LapseOverride(), some_id("gone"))

    @invariant()
    def what_was_decided_last_holds_and_what_was_granted_stays(self) -> None:
        asked, decided = self.made(OverrideRequested), self.made(OverrideRecorded)
        assert len(asked) <= 1 and len(self.made(OverrideLapsed)) <= 1
        state = self.world.state
        if isinstance(state, Decided):
            assert state.granted == decided[-1].granted
        if isinstance(state, Lapsed):
            assert not decided or not decided[-1].granted


IDS = st.sampled_from(("one", "two", "three")).map(some_id)


class Records(Machine):
    """What is known of a patient's procedures."""

    said: dict[str, dict[str, Any]]
    heard: int

    @initialize()
    def nothing_was_ordered(self) -> None:
        self.begin(PROCEDURE_RECORD, rules())
        self.said, self.heard = {}, 0

    @rule(which=IDS)
    def one_is_ordered(self, which: str) -> None:
        self.said.setdefault(which, {"done": False, "relief_pct": None})
        self.tell(
            NoteProcedure(
                procedure_id=which, family="mbb_ct", region="cervical", side="left", levels=("C4-C5",)
            )
        )

    @rule(which=IDS, done=st.booleans())
    def one_has_a_day(self, which: str, done: bool) -> None:
        if which in self.said:
            self.said[which]["done"] = done
        self.tell(NoteProcedureDay(procedure_id=which, on=START.date(), done=done))

    @rule(which=IDS, relief=st.integers(0, 100))
    def one_is_judged(self, which: str, relief: int) -> None:
        if which in self.said:
            self.said[which]["relief_pct"] = relief
        self.tell(NoteProcedureRelief(procedure_id=which, relief_pct=relief))

    @rule(which=IDS)
    def one_is_cancelled(self, which: str) -> None:
        self.said.pop(which, None)
        self.tell(ForgetProcedure(procedure_id=which))

    def tell(self, command: Any) -> None:
        self.heard += 1
        self.world.command(command, some_id(f"fact {self.heard}"))

    @invariant()
    def it_knows_of_each_what_was_said_last(self) -> None:
        found = {
            each.procedure_id: {"done": each.done, "relief_pct": each.relief_pct}
            for each in self.world.state.known
        }
        assert found == self.said


TestProcedures, TestOverrides, TestRecords = Procedures.TestCase, Overrides.TestCase, Records.TestCase
TestProcedures.settings = TestOverrides.settings = TestRecords.settings = explored(40, steps=25)
