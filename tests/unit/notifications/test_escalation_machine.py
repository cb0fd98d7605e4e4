"""Whatever facts, the clock and people do, in whatever order: a warning that waits is somebody's until a named person
on the ladder took it up, and nobody is called twice for the same round."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.fact import Fact
from schemas.notifications.v1.escalation import EscalationAcknowledged, EscalationRaised, EscalationTimedOut
from services.notifications.escalation.aggregate import ESCALATION, timers
from services.notifications.escalation.commands import (
    AnswerPage,
    NoteAssessment,
    NoteClaim,
    NoteItem,
    Raise,
    RecordCall,
    Resolve,
)
from services.notifications.escalation.decide.calls import may_answer
from services.notifications.escalation.facts import PersonPaged, RoundCalled
from services.notifications.escalation.states import (
    Acknowledged,
    Origin,
    Quiet,
    Raised,
    Resolved,
    ladder_of,
)
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.notifications.situations import COORDINATOR, rules

FLAG, REFERRAL, ITEM = (derive(ROOT, name) for name in ("a flag", "a referral", "an item"))
STAFF = [member.id for member in rules().staff.members]
SEVERITIES = ("emergency", "same_day", "urgent", "breach")
people = st.sampled_from(STAFF)


class Escalations(Machine):
    """One warning, raised and resolved by facts of one referral in their order, or of another topic."""

    @initialize(severity=st.sampled_from(SEVERITIES), late=st.integers(0, 40))
    def nobody_knows(self, severity: Any, late: int) -> None:
        self.begin(ESCALATION, rules())
        self.severity, self.told = severity, 0
        self.commands: list[tuple[Command, str]] = []
        self.world.at += timedelta(hours=late * 4)

    def origin(self, kind: str = "referral") -> Origin:
        self.told += 1
        return Origin(kind, REFERRAL, self.told, self.world.at)

    def tell(self, command: Command) -> list[Fact]:
        cause = derive(ROOT, f"told {len(self.commands)}")
        self.commands.append((command, cause))
        return self.hear(command, cause)

    @rule()
    def it_is_raised(self) -> None:
        made = self.tell(
            Raise(
                origin=self.origin(),
                subject_type="red_flag",
                subject_id=FLAG,
                severity=self.severity,
                queue="medical",
            )
        )
        assert [type(fact) for fact in made].count(EscalationRaised) <= 1

    @rule(elsewhere=st.booleans())
    def it_is_resolved(self, elsewhere: bool) -> None:
        self.tell(Resolve(origin=self.origin("appointment" if elsewhere else "referral")))

    @rule()
    def its_item_is_opened(self) -> None:
        self.tell(NoteItem(item_id=ITEM))

    @rule(person=people)
    def somebody_claims_it(self, person: str) -> None:
        self.only_who_may(person, self.tell(NoteClaim(by_id=person, at=self.world.at)))

    @rule(person=people)
    def somebody_answers_the_page(self, person: str) -> None:
        self.only_who_may(person, self.take(Actor("user", person), AnswerPage(by_id=person)))

    @rule(person=people, by=st.sampled_from((COORDINATOR, Actor("patient", FLAG))))
    def somebody_is_spoken_with(self, person: str, by: Actor) -> None:
        made = self.take(by, RecordCall(by_id=person))
        assert not made or by == COORDINATOR
        self.only_who_may(person, made)

    def only_who_may(self, person: str, made: list[Fact]) -> None:
        if any(isinstance(fact, EscalationAcknowledged) for fact in made):
            ladder = ladder_of(self.world.state)
            assert ladder and person in may_answer(ladder, rules())

    @rule(person=people)
    def it_is_assessed(self, person: str) -> None:
        self.tell(NoteAssessment(origin=self.origin(), by_id=person))

    @rule(minutes=st.integers(1, 2000))
    def time_passes(self, minutes: int) -> None:
        """Every timer fires once, in order, in the moment when it is due."""
        until = self.world.at + timedelta(minutes=minutes)
        while due := [each for each in timers(self.world.state, rules()).values() if each.due <= until]:
            first = min(due, key=lambda each: each.due)
            self.world.at = max(first.due, self.world.at)
            assert self.take(SYSTEM, first.command), "a timer that changed nothing would fire for ever"
        self.world.at = until

    @rule(hours=st.integers(1, 200))
    def nothing_runs_for_a_while(self, hours: int) -> None:
        """Then what is overdue fires once."""
        self.world.at += timedelta(hours=hours)
        before = len(self.made(EscalationTimedOut))
        for timer in timers(self.world.state, rules()).values():
            if timer.due <= self.world.at:
                self.take(SYSTEM, timer.command)
        assert len(self.made(EscalationTimedOut)) <= before + 1
        overdue = [each for each in timers(self.world.state, rules()).values() if each.due <= self.world.at]
        assert overdue == [], "it does not fire again"

    @rule(choice=st.integers(min_value=0))
    def everything_so_far_is_told_once_more(self, choice: int) -> None:
        raised = len(self.made(EscalationRaised))
        for command, _ in self.commands:
            if isinstance(command, Raise | Resolve):
                self.hear(command, derive(ROOT, f"again {choice} {len(self.world.facts)}"))
        assert len(self.made(EscalationRaised)) == raised, "a replay raises nothing"

    @invariant()
    def nobody_is_paged_twice_for_the_same(self) -> None:
        pages = Counter(fact.message_id for fact in self.made(PersonPaged))
        assert not pages or max(pages.values()) == 1

    @invariant()
    def it_is_somebodys_until_it_is_resolved(self) -> None:
        """Who waits for an answer has a deadline; a round was called or is planned, and called somebody."""
        state = self.world.state
        if isinstance(state, Raised):
            assert "deadline" in timers(state, rules())
            assert state.call_at or state.ladder.called
        assert all(fact.called for fact in self.made(RoundCalled))
        assert isinstance(state, Quiet | Raised | Acknowledged | Resolved)

    @invariant()
    def a_level_of_the_ladder_is_reached(self) -> None:
        state = self.world.state
        if isinstance(state, Raised | Acknowledged):
            assert 1 <= state.level <= len(rules().escalation.ladder(state.ladder.severity).levels)


Escalations.TestCase.settings = explored(120, steps=30)
TestEscalations = Escalations.TestCase
