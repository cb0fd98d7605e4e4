"""What is heard of calls, in any order and again and again: the latest word counts, and each missed call once."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from services.worklist.item.states import Source
from services.worklist.ladder.aggregate import KEPT, LADDER, HearOfLadder
from services.worklist.ladder.facts import LadderHeard
from services.worklist.ladder.states import Heard, Unheard
from tests.support.deciding import START
from tests.support.desk import shipped_rules
from tests.support.effort import explored
from tests.support.machines import Machine

CALLS = derive(ROOT, "the escalation")
QUARTER = timedelta(minutes=15)
MOST = 100
"""Levels that are told apart."""


class Ladders(Machine):
    """About one subject: one escalation, whose facts are numbered, whatever clocks say."""

    @initialize()
    def nobody_is_called(self) -> None:
        self.begin(LADDER, shipped_rules())
        self.facts: list[HearOfLadder] = []
        self.latest = 0
        self.due: datetime | None = None
        self.missed: list[datetime] = []

    def becomes_true(self, minutes: int, due: datetime | None = None, missed: bool = False) -> HearOfLadder:
        """At a clock that may be wrong."""
        number = len(self.facts) + 1
        at = START + number * QUARTER + timedelta(minutes=minutes)
        source = Source(derive(CALLS, f"fact {number}"), at, CALLS, number, "escalation")
        self.facts.append(HearOfLadder(source, due, missed))
        return self.facts[-1]

    def told(self, command: HearOfLadder) -> None:
        made = self.hear(command, command.source.event_id)
        number = command.source.sequence or 0
        is_news = number > self.latest
        assert [type(fact) for fact in made] == [LadderHeard] * is_news
        if is_news:
            self.latest, self.due = number, command.ack_due_at
            self.missed += [command.source.at] * command.unanswered

    @rule(minutes=st.sampled_from((-600, 0, 600)), wait=st.sampled_from((0, 15, 10_000)))
    def somebody_is_called(self, minutes: int, wait: int) -> None:
        self.told(self.becomes_true(minutes, START + timedelta(minutes=wait)))

    @rule(minutes=st.sampled_from((-600, 0, 600)))
    def it_is_answered_or_over(self, minutes: int) -> None:
        self.told(self.becomes_true(minutes))

    @rule(calls=st.sampled_from((1, 2, 60)), minutes=st.sampled_from((-600, 0, 600)))
    def nobody_answers(self, calls: int, minutes: int) -> None:
        for _ in range(calls):
            due = START + (len(self.facts) + 2) * QUARTER
            self.told(self.becomes_true(minutes, due, missed=True))

    @rule(of=st.data())
    def it_is_told_again(self, of: st.DataObject) -> None:
        if self.facts:
            before = self.world.state
            self.told(of.draw(st.sampled_from(self.facts[: self.latest])))
            assert self.world.state == before

    @rule(missed=st.booleans())
    def two_change_places(self, missed: bool) -> None:
        """The later one is heard first: the earlier one says nothing any more."""
        earlier = self.becomes_true(0, START, missed=missed)
        self.told(self.becomes_true(0))
        self.told(earlier)

    @invariant()
    def until_when_somebody_has_to_answer_is_as_the_latest_fact_says(self) -> None:
        state = self.world.state
        assert isinstance(state, Heard if self.latest else Unheard)
        if isinstance(state, Heard):
            assert (state.told.sequence, state.ack_due_at) == (self.latest, self.due)

    @invariant()
    def each_missed_call_is_known_once_and_no_more_than_can_be_told_apart(self) -> None:
        state = self.world.state
        assert KEPT == MOST
        assert [*(state.unanswered if isinstance(state, Heard) else ())] == self.missed[-MOST:]


TestLadders = Ladders.TestCase
TestLadders.settings = explored(60, steps=20)
