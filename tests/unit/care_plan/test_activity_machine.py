"""Whatever is asked of an activity in whatever order: one owner, no session too many, an end that is one."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.model import Actor, Command
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCompleted,
    ActivityDeclined,
    ActivityInformationAsked,
    ActivityInformationEnded,
    ActivityReviewed,
    ActivityReviewFellDue,
    ActivityStarted,
    SessionCompleted,
)
from services.care_plan.activity.aggregate import ACTIVITY
from services.care_plan.activity.commands import (
    Accept,
    AskInformation,
    Cancel,
    Complete,
    CompleteSession,
    Decline,
    EndQuestion,
    EndWithPlan,
    NoteBooked,
    NoteMissed,
    OrderActivity,
    Pause,
    Receive,
    Resume,
    Review,
    Start,
    Stop,
    TakeBackMissed,
)
from services.care_plan.activity.decide.doses import dosed
from services.care_plan.activity.states import Cancelled, Completed, Failed, NotOrdered, Order, Rejected
from services.care_plan.history.states import History
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.plans import a_visit
from tests.unit.care_plan.situations import (
    COORDINATOR,
    OTHER_PSYCHOLOGIST,
    OUTSIDERS,
    PHYSICIAN,
    PSYCHOLOGIST,
    rules,
    some_id,
)

PERFORMERS = (PSYCHOLOGIST, OTHER_PSYCHOLOGIST)
ACTORS = st.sampled_from((*PERFORMERS * 3, PHYSICIAN, COORDINATOR))
VISITS = tuple(some_id(f"visit {number}") for number in range(4))
TOLD = st.sampled_from(
    (
        *(NoteMissed(appointment_id=visit) for visit in VISITS),
        *(TakeBackMissed(appointment_id=visit) for visit in VISITS),
        NoteBooked(),
        EndWithPlan(reason="plan_revoked"),
    )
)
DECISIONS = st.sampled_from(("continue", "extend", "change", "complete", "stop"))
ASKED = st.sampled_from(
    (
        *(Receive(), Accept(), Accept(), Decline(reason="no_capacity"), Start(), Start(), Resume()),
        *(Pause(reason="illness"), Complete(result="done"), Stop(reason="harm"), Cancel(reason="moved")),
        *(Accept(without_missing=True), AskInformation(whom="psychology", what="risks")),
        *(AskInformation(whom="medical", what="history"), EndQuestion(result="completed")),
        *(EndQuestion(result="failed"), EndQuestion(result="failed")),
    )
)
QUESTIONS: tuple[Command, ...] = (Receive(), AskInformation(whom="medical", what="history"))
BEGINNINGS = st.sampled_from(((), QUESTIONS, (Accept(),), *((Accept(), Start()),) * 2))
ENDED = (Rejected, Completed, Failed, Cancelled)


class Activities(Machine):
    """One activity for psychology."""

    told: list[tuple[Command, str]]

    @initialize(sessions=st.none() | st.integers(1, 3), first=BEGINNINGS)
    def it_is_ordered(self, sessions: int | None, first: tuple[Command, ...]) -> None:
        self.begin(ACTIVITY, rules())
        self.world.others = {TARGET: History()} | {each: a_visit() for each in VISITS}
        self.told = []
        kind = "cbt" if sessions else "relaxation"
        order = Order(plan_id=some_id("plan"), discipline="psychology", kind=kind, sessions=sessions)
        self.order, _ = dosed(order, rules())
        self.refuse(OUTSIDERS, OrderActivity(order=order))
        assert self.take(PHYSICIAN, OrderActivity(order=order))
        assert not self.take(PHYSICIAN, OrderActivity(order=order))
        for command in first:
            assert self.take(PSYCHOLOGIST, command)

    @rule(actor=ACTORS, command=ASKED)
    def ask(self, actor: Actor, command: Command) -> None:
        self.do(actor, command)
        assert not self.take(actor, command), "the same again changes nothing"

    @rule(order=st.permutations(PERFORMERS))
    def two_want_it(self, order: list[Actor]) -> None:
        made = [self.take(actor, Accept()) for actor in order]
        assert not (made[0] and made[1])

    @rule(actor=ACTORS, visit=st.sampled_from(VISITS), last=st.integers(0, 4))
    def hold_a_session(self, actor: Actor, visit: str, last: int) -> None:
        command = CompleteSession(appointment_id=visit, complete=last == 4)
        for fact in self.do(actor, command):
            if isinstance(fact, SessionCompleted | ActivityCompleted):
                assert actor in PERFORMERS
        assert not self.take(actor, command), "one session for each visit"

    @rule(actor=ACTORS, decision=DECISIONS)
    def review(self, actor: Actor, decision: Any) -> None:
        ended = isinstance(self.world.state, ENDED)
        for fact in self.do(actor, Review(decision=decision)):
            ending = not isinstance(fact, ActivityReviewed)
            assert not ending or (actor in PERFORMERS and decision in ("complete", "stop"))
            assert not (ended and ending)
        assert not (ended and self.take(actor, Review(decision=decision)))

    @precondition(lambda self: self.world.state.course.owner_id)
    @rule(command=TOLD)
    def tell(self, command: Command) -> None:
        cause = some_id(f"fact {len(self.told)}")
        self.hear(command, cause)
        self.told.append((command, cause))

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """Everything that was ever told changes nothing when it is told again."""
        if self.told:
            before = len(self.world.facts)
            self.world.command(*data.draw(st.sampled_from(self.told)))
            assert len(self.world.facts) == before

    @rule(days=st.integers(1, 30))
    def wait(self, days: int) -> None:
        self.world.at += timedelta(days=days)

    def do(self, actor: Actor, command: Command) -> list[Any]:
        self.refuse(OUTSIDERS, command)
        before = self.world.state
        made = self.take(actor, command)
        if isinstance(before, ENDED):
            assert all(isinstance(fact, ActivityReviewed) for fact in made), "an end is an end"
            assert type(self.world.state) is type(before)
        return made

    @invariant()
    def what_was_ordered_never_changes(self) -> None:
        assert isinstance(self.world.state, NotOrdered) or self.world.state.course.order == self.order

    @invariant()
    def one_person_of_the_discipline_has_it(self) -> None:
        owners = [fact.owner_id for fact in self.made(ActivityAccepted)]
        assert len(owners) <= 1 and set(owners) <= {actor.id for actor in PERFORMERS}
        assert self.world.state.course.owner_id == (owners[0] if owners else None)
        assert not (owners and self.made(ActivityDeclined))

    @invariant()
    def nobody_takes_what_is_still_asked_about_and_no_question_outlives_the_order(self) -> None:
        asked, ended = self.made(ActivityInformationAsked), self.made(ActivityInformationEnded)
        assert len(asked) - len(ended) in (0, 1)
        taken_or_over = self.made(ActivityAccepted) or isinstance(self.world.state, ENDED)
        assert not taken_or_over or len(asked) == len(ended)

    @invariant()
    def sessions_are_counted_one_by_one_and_never_beyond_the_order(self) -> None:
        numbers = [fact.session_no for fact in self.made(SessionCompleted)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert self.world.state.course.sessions_done == len(numbers)
        assert self.order.sessions is None or len(numbers) <= self.order.sessions

    @invariant()
    def only_what_was_begun_is_completed(self) -> None:
        begun = len(self.made(ActivityStarted))
        assert begun <= 1 and len(self.made(ActivityCompleted)) <= begun

    @invariant()
    def nobody_looks_twice_at_the_same(self) -> None:
        due = self.made(ActivityReviewFellDue)
        for name in ("MOD-02", "MOD-03"):
            assert sum(fact.rule == name for fact in due) <= len(self.made(ActivityReviewed)) + 1


TestActivities = Activities.TestCase
TestActivities.settings = explored(100, steps=50)
