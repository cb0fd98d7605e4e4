"""The item under any sequence of facts, persons and timers: what always holds."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.topics import queue_topic
from services.worklist.item.aggregate import ITEM
from services.worklist.item.commands import (
    CancelItem,
    ClaimItem,
    CompleteItem,
    EscalateByLadder,
    EscalateByLead,
    FollowLadder,
    HoldItem,
    KeepItem,
    OpenItem,
    RankItem,
    ReleaseItem,
    ReprioritiseByLead,
    ReprioritiseItem,
    ResumeItem,
    TransferItem,
    UndoTransition,
)
from services.worklist.item.states import Claimed, OnHold, Open, Opened, Remembered, Source, Unopened
from tests.support.deciding import START, deciding
from tests.support.desk import COORDINATOR, LEAD, NURSE, OTHER_NURSE, REFERRAL, shipped_rules
from tests.support.effort import explored

PEOPLE: dict[str, Actor] = {
    "nurse": NURSE,
    "other nurse": OTHER_NURSE,
    "lead": LEAD,
    "coordinator": COORDINATOR,
}
people = st.sampled_from(sorted(PEOPLE))
priorities = st.sampled_from(["stat", "asap", "urgent", "routine"])
CALLS = derive(ROOT, "an escalation")
ELSEWHERE = derive(ROOT, "an appointment")


class ItemMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = deciding(ITEM, shipped_rules())().world
        self.first_number: int | None = None
        self.memory: datetime | None = None
        self.told: list[Command] = []

    @property
    def state(self) -> Any:
        return self.world.state

    def fact(self, command: Command) -> None:
        self.world.actor = SYSTEM
        self.told.append(command)
        self.world.command(command, derive(ROOT, f"fact {len(self.told)}"))

    def ask(self, who: str, command: Command) -> None:
        self.world.actor = PEOPLE[who]
        self.world.steps += 1
        self.world.command(command, derive(ROOT, f"request {self.world.steps}"))

    def here(self) -> Source:
        """The next fact of the referral."""
        return Source(derive(ROOT, f"told {len(self.told)}"), self.world.at, REFERRAL, len(self.told) + 1)

    def there(self) -> Source:
        """The next fact of the escalation about it."""
        return Source(derive(ROOT, f"told {len(self.told)}"), self.world.at, CALLS, len(self.told) + 1)

    @initialize(opened=st.booleans(), claimed=st.booleans())
    def it_may_be_somebodys_work_already(self, opened: bool, claimed: bool) -> None:
        if opened:
            self.opens("routine", 5, None)
        if claimed:
            self.claims("nurse")

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        until = self.world.at + timedelta(minutes=minutes)
        while due := [timer for timer in self.timers().values() if timer.due <= until]:
            first = min(due, key=lambda timer: timer.due)
            before = self.state
            self.world.at, self.world.actor = max(first.due, self.world.at), SYSTEM
            self.world.steps += 1
            self.world.command(first.command, derive(ROOT, f"timer {self.world.steps}"))
            assert self.state != before, "a timer that changed nothing would fire for ever"
        self.world.at = until

    @rule(
        priority=priorities, days=st.integers(1, 9), category=st.none() | st.sampled_from(["cat_1", "cat_2"])
    )
    def opens(self, priority: Any, days: int, category: str | None) -> None:
        due_at = self.world.at + timedelta(days=days)
        self.fact(
            OpenItem(
                self.here(),
                "REF_TRIAGE",
                "nursing",
                "referral",
                REFERRAL,
                priority,
                None,
                due_at,
                None,
                category,
            )
        )

    @rule()
    def closes(self) -> None:
        self.fact(CompleteItem(self.here()))

    @rule(minutes=st.integers(-300, 0))
    def closes_from_another_topic(self, minutes: int) -> None:
        at = self.world.at + timedelta(minutes=minutes)
        self.fact(
            CompleteItem(Source(derive(ROOT, f"told {len(self.told)}"), at, ELSEWHERE, 1), remember=True)
        )

    @rule()
    def cleans_up(self) -> None:
        self.fact(CancelItem(self.here(), "rejected"))

    @rule(priority=priorities, days=st.none() | st.integers(1, 9), waits=st.booleans(), decides=st.booleans())
    def presses(self, priority: Any, days: int | None, waits: bool, decides: bool) -> None:
        due_at = self.world.at + timedelta(days=days) if days else None
        self.fact(ReprioritiseItem(self.here(), "suspended", priority, due_at, waits, decides))

    @rule(category=st.sampled_from(["cat_1", "cat_2", "cat_3"]))
    def ranks(self, category: str) -> None:
        self.fact(RankItem(self.here(), category))

    @rule(who=people)
    def claims(self, who: str) -> None:
        self.ask(who, ClaimItem())

    @rule(who=people)
    def keeps(self, who: str) -> None:
        before = self.state
        self.ask(who, KeepItem())
        if isinstance(before, Claimed) and before.by == PEOPLE[who].id:
            assert self.timers()["idle"].due == self.world.at + shipped_rules().claim_idle
            assert (self.state.by, self.state.since, self.state.last) == (
                before.by,
                before.since,
                before.last,
            )
        else:
            assert self.state == before, "nobody keeps what somebody else has"

    @rule(who=people)
    def releases(self, who: str) -> None:
        self.ask(who, ReleaseItem())

    @rule(who=people, queue=st.sampled_from(["nursing", "medical", "coordination"]))
    def transfers(self, who: str, queue: Any) -> None:
        self.ask(who, TransferItem(queue, "workload"))

    @rule(who=people, days=st.integers(-1, 4))
    def holds(self, who: str, days: int) -> None:
        self.ask(who, HoldItem("waits_for_date", (self.world.at + timedelta(days=days)).date()))

    @rule(who=people)
    def resumes(self, who: str) -> None:
        self.ask(who, ResumeItem())

    @rule(who=people)
    def escalates(self, who: str) -> None:
        before = self.state
        self.ask(who, EscalateByLead())
        assert self.state == before or PEOPLE[who] == LEAD

    @rule(who=people, priority=priorities)
    def says_how_urgent(self, who: str, priority: Any) -> None:
        self.ask(who, ReprioritiseByLead(priority))

    @precondition(lambda self: isinstance(self.state, Opened))
    @rule(answered=st.booleans())
    def people_are_called_about_it(self, answered: bool) -> None:
        due = None if answered else self.world.at + timedelta(minutes=30)
        self.fact(FollowLadder(self.there(), due))

    @precondition(lambda self: isinstance(self.state, Opened))
    @rule()
    def nobody_answers(self) -> None:
        level = self.state.item.level if isinstance(self.state, Open) else None
        self.fact(EscalateByLadder(self.there(), self.world.at + timedelta(minutes=15)))
        assert level is None or self.state.item.level == level + 1

    @rule(who=people)
    def undoes(self, who: str) -> None:
        self.ask(who, UndoTransition())

    @precondition(lambda self: self.told)
    @rule(choice=st.integers(min_value=0))
    def hears_again(self, choice: int) -> None:
        before = self.state
        command = self.told[choice % len(self.told)]
        self.world.actor = SYSTEM
        self.world.command(command, derive(ROOT, "again"))
        unheard = isinstance(command, ReprioritiseItem) and not (
            isinstance(before, Open) and before.item.moved
        )
        assert self.state == before or unheard, (
            "a replay changes nothing, but for what changed nothing at first"
        )

    def timers(self) -> Any:
        return ITEM.timers(self.state, shipped_rules())

    @invariant()
    def a_row_is_published_exactly_while_open(self) -> None:
        rows = list(ITEM.publications(self.state))
        assert len(rows) == isinstance(self.state, Open)
        for row in rows:
            assert row.topic == queue_topic(self.state.item.queue)

    @invariant()
    def the_state_counts_its_facts(self) -> None:
        if not isinstance(self.state, Unopened | Remembered):
            assert self.state.item.version == self.world.version

    @invariant()
    def facts_alone_make_the_state(self) -> None:
        assert ITEM.state_decoder.decode(msgspec.json.encode(self.state)) == self.state

    @invariant()
    def the_number_stays(self) -> None:
        number = getattr(self.state, "number", None) or getattr(
            getattr(self.state, "item", None), "number", None
        )
        assert self.first_number in (None, number)
        self.first_number = number

    @invariant()
    def memory_only_advances(self) -> None:
        closing = getattr(self.state, "closing", None) or getattr(
            getattr(self.state, "item", None), "closing", None
        )
        at = closing.source.at if closing else None
        assert self.memory is None or (at is not None and at >= self.memory)
        self.memory = at

    @invariant()
    def nothing_stays_open_that_was_closed_later(self) -> None:
        if isinstance(self.state, Open) and self.memory:
            assert self.state.item.opened.at > self.memory

    @invariant()
    def waiting_time_starts_with_an_opening_fact(self) -> None:
        if isinstance(self.state, Open):
            assert self.state.item.waiting_since <= self.state.item.opened.at <= self.world.at
            assert self.state.item.waiting_since >= START

    @invariant()
    def a_claim_ends_by_itself(self) -> None:
        assert ("idle" in self.timers()) == isinstance(self.state, Claimed)

    @invariant()
    def a_hold_ends_by_itself(self) -> None:
        assert ("resume" in self.timers()) == isinstance(self.state, OnHold)

    @invariant()
    def what_is_open_is_escalated_twice_at_most_for_being_late(self) -> None:
        if isinstance(self.state, Open):
            item = self.state.item
            assert ("overdue" in self.timers()) == (item.steps < 2 and item.due_at is not None)


TestItem = ItemMachine.TestCase
TestItem.settings = explored(60, steps=40)
