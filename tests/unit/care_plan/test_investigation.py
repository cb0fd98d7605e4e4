"""An investigation that was asked for is done, cancelled by name, or somebody's work; what it finds is read by name."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Actor
from schemas.care_plan.v1.investigation import (
    InvestigationFellDue,
    InvestigationOrdered,
    InvestigationReported,
    InvestigationSettled,
)
from services.care_plan.history.states import History
from services.care_plan.investigation.aggregate import INVESTIGATION
from services.care_plan.investigation.commands import (
    CancelInvestigation,
    FallDue,
    NoteNotDone,
    OrderAgain,
    OrderInvestigation,
    ReadInvestigation,
    ReportInvestigation,
)
from services.care_plan.investigation.states import Ordered, Reported, Settled
from tests.support.deciding import LANE, START, Situation, deciding, like, nothing, refused, ruled
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import COORDINATOR, NURSE, PHYSICIAN, rules, some_id

REFERRAL = some_id("a referral")
TODAY = rules().calendar.day(START)
LIMITS = rules().care_plan.investigation.values
ORDER = OrderInvestigation(referral_id=REFERRAL, kind="mri")
MISSED, AGAIN = NoteNotDone(reason="cancelled_elsewhere"), OrderAgain()
CANCEL, REPORT = CancelInvestigation(reason="not_needed"), ReportInvestigation()
READ = ReadInvestigation(result="no_finding")


def asked(*steps: Any, actor: Actor = NURSE, whose: str = LANE) -> Situation:
    situation = deciding(INVESTIGATION, rules(), actor=actor)().beside({REFERRAL: History(patient_id=whose)})
    for step in steps:
        situation.world.take(step)
    return situation


def test_an_order_has_a_day_and_somebody_who_reads_what_it_finds() -> None:
    expected = like(
        InvestigationOrdered, due_on=TODAY + timedelta(days=LIMITS.days), responsible_id=NURSE.id, times=1
    )
    asked().when(ORDER).then(ruled(expected, "investigation.due"))


@pytest.mark.parametrize("days", [-1, LIMITS.most_days + 1])
def test_no_day_is_past_or_so_late_that_nobody_asks_for_it(days: int) -> None:
    late = OrderInvestigation(referral_id=REFERRAL, kind="mri", due_on=TODAY + timedelta(days=days))
    asked().when(late).then(refused("due_on", code="due-out-of-range"))
    asked(ORDER).when(OrderAgain(due_on=late.due_on)).then(refused("due_on", code="due-out-of-range"))
    last = OrderInvestigation(
        referral_id=REFERRAL, kind="mri", due_on=TODAY + timedelta(days=LIMITS.most_days)
    )
    asked().when(last).then(InvestigationOrdered)


def test_it_is_ordered_for_the_patient_of_the_referral_and_read_by_a_clinician_of_the_directory() -> None:
    asked(whose=some_id("somebody else")).when(ORDER).then(refused(code="another-patient"))
    nobodys = OrderInvestigation(referral_id=REFERRAL, kind="mri", responsible_id=some_id("nobody"))
    asked().when(nobodys).then(refused(code="unknown-person"))


def test_what_nobody_heard_of_by_its_day_is_somebodys_work_once() -> None:
    result = asked().when(ORDER)
    [timer] = result.timers.values()
    assert rules().calendar.day(timer.due) == TODAY + timedelta(days=LIMITS.days + 1)
    fell_due = asked(ORDER).when(timer.command)
    fell_due.then(ruled(like(InvestigationFellDue, cause="nothing_heard"), "investigation.due"))
    assert not fell_due.timers
    asked(ORDER, timer.command).when(timer.command).then(nothing())
    asked(ORDER).when(FallDue(due_on=date(2027, 1, 1))).then(nothing())


def test_what_was_cancelled_elsewhere_waits_for_no_day() -> None:
    missed = like(InvestigationFellDue, cause="cancelled_elsewhere", responsible_id=NURSE.id)
    asked(ORDER, COORDINATOR).when(MISSED).then(missed)
    asked(ORDER, COORDINATOR, MISSED).when(MISSED).then(nothing())


def test_it_is_ordered_again_with_another_day_which_is_watched_again() -> None:
    again = OrderAgain(due_on=TODAY + timedelta(days=50))
    result = asked(ORDER, COORDINATOR, MISSED).when(again)
    result.then(like(InvestigationOrdered, times=2, due_on=again.due_on, responsible_id=NURSE.id))
    assert result.timers
    asked(ORDER, COORDINATOR, again).when(again).then(nothing())


def test_a_clinician_cancels_it_by_name_and_with_a_reason_and_a_coordinator_does_not() -> None:
    asked(ORDER, COORDINATOR).when(CANCEL).then(refused(code="not-permitted"))
    cancelled = like(InvestigationSettled, how="cancelled", reason="not_needed", decided_by=NURSE.id)
    asked(ORDER).when(CANCEL).then(cancelled).then_state(Settled)


def test_what_it_found_is_read_by_whoever_answers_for_it_or_a_plan_lead() -> None:
    asked(ORDER, COORDINATOR).when(REPORT).then(like(InvestigationReported, responsible_id=NURSE.id))
    here = (ORDER, COORDINATOR, REPORT)
    asked(*here).when(REPORT).then(nothing())
    asked(*here).when(READ).then(refused(code="not-permitted"))
    for actor in (NURSE, PHYSICIAN):
        read = like(InvestigationSettled, how="read", result="no_finding", decided_by=actor.id)
        asked(*here, actor).when(READ).then(read).then_state(Settled)
    asked(*here, NURSE).when(CANCEL).then(refused("not possible"))


class Investigations(Machine):
    """One, whatever is asked of it in whatever order."""

    @initialize()
    def nobody_asked(self) -> None:
        self.begin(INVESTIGATION, rules())
        self.world.others = {REFERRAL: History(patient_id=LANE)}

    @rule(
        actor=st.sampled_from((NURSE, PHYSICIAN, COORDINATOR)),
        command=st.sampled_from((ORDER, MISSED, AGAIN, CANCEL, REPORT, READ)),
    )
    def do(self, actor: Actor, command: Any) -> None:
        before = self.world.state
        made = self.take(actor, command)
        assert not (made and isinstance(before, Settled)), "what is settled is settled"

    @rule(days=st.integers(0, 60))
    def time_passes(self, days: int) -> None:
        self.world.at += timedelta(days=days)
        for timer in dict(self.world.aggregate.timers(self.world.state, rules())).values():
            if timer.due <= self.world.at:
                assert self.hear(timer.command, some_id(f"timer {timer.due}"))

    @invariant()
    def what_is_asked_for_is_watched_or_somebodys_work(self) -> None:
        state = self.world.state
        if isinstance(state, Ordered):
            watched = bool(self.world.aggregate.timers(state, rules()))
            last = [fact for fact, _ in self.world.facts][-1]
            assert watched != isinstance(last, InvestigationFellDue)

    @invariant()
    def nothing_that_was_found_is_settled_unread(self) -> None:
        if isinstance(self.world.state, Settled) and self.made(InvestigationReported):
            assert self.made(InvestigationSettled)[-1].how == "read"
        assert isinstance(self.world.state, Reported) <= bool(self.made(InvestigationReported))


TestInvestigations = Investigations.TestCase
TestInvestigations.settings = explored(60, steps=30)
