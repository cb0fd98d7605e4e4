"""Whatever is asked of a case in whatever order: one open case, no fact counts twice, decisions only with quorum."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.ids import ROOT, derive
from backbone.model import Actor, Command
from schemas.care_plan.v1.mdt import MdtActionCompleted, MdtDecisionRecorded
from services.care_plan.history.states import History
from services.care_plan.mdt.aggregate import MDT_ACTION, MDT_CASE, MDT_MEETING
from services.care_plan.mdt.commands import (
    BeginInterval,
    CancelAction,
    CancelMeeting,
    CloseMeeting,
    CompleteAction,
    CountDecision,
    DeferCase,
    EndCase,
    HoldInterval,
    ListCase,
    NoteActionDone,
    OpenAction,
    OpenMeeting,
    ReassignAction,
    RequestCase,
    ScheduleMeeting,
    WithdrawCase,
)
from services.care_plan.mdt.facts import IntervalBegun
from services.care_plan.mdt.states import (
    Cancelled,
    Closed,
    Decided,
    InSession,
    Listed,
    OpenTask,
    Pending,
    Requested,
    Scheduled,
)
from services.care_plan.risk.states import Risk
from tests.support.deciding import LANE
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.meetings import (
    CASE,
    COORDINATOR,
    NURSE,
    PHYSICIAN,
    START,
    THERE,
    decision,
    rules,
)

ACTORS = st.sampled_from((COORDINATOR, COORDINATOR, PHYSICIAN, NURSE))
MEETINGS = tuple(derive(ROOT, f"meeting {number}") for number in range(3))
PRIORITIES = st.sampled_from(("stat", "asap", "urgent", "routine"))
REASONS = st.sampled_from(("new_programme", "OUT-05", "OPI-02"))
LATE = derive(ROOT, "a referral that is over")


class Cases(Machine):
    """One case, three meetings: one planned, one open, one over."""

    heard: list[tuple[Command, str]]

    @initialize()
    def nobody_asked(self) -> None:
        self.begin(MDT_CASE, rules())
        shapes = (Scheduled(start=START), InSession(start=START), Closed(start=START))
        self.world.others = dict(zip(MEETINGS, shapes, strict=True))
        self.heard = []

    @rule(reason=REASONS, priority=PRIORITIES)
    def ask(self, reason: str, priority: Any) -> None:
        self.react(RequestCase(reason=reason, priority=priority))

    @rule(reason=REASONS)
    def ask_for_a_referral_that_is_over(self, reason: str) -> None:
        before, self.world.others = self.world.others, {**self.world.others, LATE: History(is_over=True)}
        pending = isinstance(self.world.state, Pending)
        asked = self.hear(
            RequestCase(reason=reason, referral_id=LATE), derive(ROOT, f"late {len(self.heard)}")
        )
        assert pending or not asked, "nothing is begun for it"
        self.world.others = before

    @rule(days=st.integers(0, 200), running=st.booleans(), high_risk=st.booleans())
    def count(self, days: int, running: bool, high_risk: bool) -> None:
        on, at = date(2027, 1, 1) + timedelta(days=days), START + timedelta(days=days)
        self.world.others = {**self.world.others, LANE: Risk(high_dose=high_risk)}
        self.react(BeginInterval(on=on, at=at, patient_id=LANE, running=running))

    @precondition(lambda self: self.world.state.known.interval is not None)
    @rule(days=st.integers(0, 200), held=st.booleans())
    def hold(self, days: int, held: bool) -> None:
        self.react(HoldInterval(held=held, at=START + timedelta(days=days)))

    @rule()
    def end(self) -> None:
        self.hear(EndCase(reason="completed"), derive(ROOT, f"end {len(self.heard)}"))

    def react(self, command: Command) -> None:
        cause = derive(ROOT, f"fact {len(self.heard)}")
        self.hear(command, cause)
        self.heard.append((command, cause))

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """Everything that was ever told changes nothing when it is told again."""
        if self.heard:
            before = len(self.world.facts)
            self.world.command(*data.draw(st.sampled_from(self.heard)))
            assert len(self.world.facts) == before

    @rule(actor=ACTORS, meeting=st.sampled_from(MEETINGS))
    def enlist(self, actor: Actor, meeting: str) -> None:
        self.take(actor, ListCase(meeting_id=meeting, prep_queues=("medical",)))

    @rule(
        actor=ACTORS,
        meeting=st.sampled_from(MEETINGS),
        there=st.sets(st.sampled_from(THERE), min_size=3).map(tuple),
        waived=st.booleans(),
    )
    def decide(self, actor: Actor, meeting: str, there: tuple[str, ...], waived: bool) -> None:
        waiver = {"quorum_waived_by": PHYSICIAN.id} if waived else {}
        facts = self.take(actor, decision(meeting_id=meeting, attendees=there, **waiver))
        counted_anew = [IntervalBegun] if self.world.state.known.interval else []
        assert [type(fact) for fact in facts[1:]] == (counted_anew if facts else [])
        for fact in facts[:1]:
            assert isinstance(fact, MdtDecisionRecorded)
            assert fact.quorum_met == (set(there) == set(THERE))
            assert fact.quorum_met or waived
            assert meeting == MEETINGS[1] and fact.actions

    @rule(actor=ACTORS, meeting=st.sampled_from(MEETINGS))
    def defer(self, actor: Actor, meeting: str) -> None:
        self.take(actor, DeferCase(meeting_id=meeting, reason="no_time"))

    @rule(actor=ACTORS)
    def withdraw(self, actor: Actor) -> None:
        self.take(actor, WithdrawCase(reason="not_needed"))

    @rule()
    def let_the_interval_pass(self) -> None:
        for timer in dict(self.world.aggregate.timers(self.world.state, rules())).values():
            self.hear(timer.command, derive(ROOT, f"timer {timer.due}"))
            assert isinstance(self.world.state, Requested)

    @invariant()
    def an_open_case_has_a_reason_and_no_timer(self) -> None:
        state = self.world.state
        if isinstance(state, Requested | Listed):
            assert state.reasons and not self.world.aggregate.timers(state, rules())

    @invariant()
    def what_is_decided_was_recorded(self) -> None:
        recorded = any(isinstance(fact, MdtDecisionRecorded) for fact, _ in self.world.facts)
        assert recorded or not isinstance(self.world.state, Decided)


class Meetings(Machine):
    """One meeting."""

    @initialize()
    def nobody_planned_it(self) -> None:
        self.begin(MDT_MEETING, rules())

    @rule(
        actor=ACTORS,
        command=st.sampled_from(
            (
                *(ScheduleMeeting(start=START), OpenMeeting(), CancelMeeting(reason="holiday")),
                *(CountDecision(case_id=CASE), CountDecision(case_id=MEETINGS[0]), CloseMeeting(deferred=1)),
            )
        ),
    )
    def do(self, actor: Actor, command: Command) -> None:
        ended = isinstance(self.world.state, Closed | Cancelled)
        assert not (self.take(actor, command) and ended)

    @rule(hours=st.integers(1, 2000))
    def wait(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)


class Actions(Machine):
    """One action of a decision."""

    @initialize()
    def nothing_is_asked(self) -> None:
        self.begin(MDT_ACTION, rules())

    @rule(
        actor=ACTORS,
        command=st.sampled_from(
            (
                *(CompleteAction(), CancelAction(reason="moved"), ReassignAction(owner_id=CASE)),
                *(OpenAction(case_id=CASE, due_on=date(2027, 2, 26)), NoteActionDone()),
            )
        ),
    )
    def do(self, actor: Actor, command: Command) -> None:
        self.take(actor, command)

    @invariant()
    def it_is_completed_once(self) -> None:
        done = [fact for fact, _ in self.world.facts if isinstance(fact, MdtActionCompleted)]
        assert len(done) <= 1
        assert not (done and isinstance(self.world.state, OpenTask))


TestCases, TestMeetings, TestActions = Cases.TestCase, Meetings.TestCase, Actions.TestCase
for machine in (TestCases, TestMeetings, TestActions):
    machine.settings = explored(60, steps=30)
del machine
