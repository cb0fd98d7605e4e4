"""Whatever becomes of a request for measures: each instrument is scored once, nothing that was not asked."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.model import Actor, Command
from schemas.care_plan.v1.measure import (
    FindingReviewed,
    MeasureEnteredInError,
    MeasureNotReceived,
    MeasureNotScored,
    MeasureRequested,
    MeasureScored,
)
from services.care_plan.measures.aggregate import MEASURE_REQUEST
from services.care_plan.measures.commands import (
    AnswerMeasures,
    DeclineMeasures,
    DropRequest,
    MarkScoreInError,
    PlanRequest,
    RequestMeasures,
    ReviewFinding,
)
from services.care_plan.measures.facts import BaselineTooOld, RequestPlanned
from services.care_plan.measures.states import Ended, NoRequest, Planned, Requested, WithAnswers
from services.care_plan.risk.states import Risk
from tests.support.deciding import LANE, TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.plans import theirs
from tests.unit.care_plan.situations import (
    COORDINATOR,
    OPERATOR,
    PATIENT,
    PHYSICIAN,
    REFERRER,
    rules,
    some_id,
)

PEOPLE = st.sampled_from((PATIENT, COORDINATOR, PHYSICIAN))
STRANGERS = (REFERRER, OPERATOR)
FULL = rules().measures.battery.values.full
ITEMS = {str(name): rules().measures.instruments[name].values.items for name in FULL}
VALUES = st.sampled_from((0, 1, 3, None, 99))


class Requests(Machine):
    """One request, planned for a visit or asked by a clinician."""

    planned: list[tuple[Command, str]]
    submitted: list[AnswerMeasures]

    @initialize(asked=st.booleans())
    def a_clinician_asks_or_does_not(self, asked: bool) -> None:
        self.begin(MEASURE_REQUEST, rules())
        self.world.others = {TARGET: theirs(), ("risk", LANE): Risk()}
        self.planned, self.submitted = [], []
        if asked:
            self.ask(PHYSICIAN, 20)

    @rule(days=st.integers(0, 60))
    def plan(self, days: int) -> None:
        day = self.today() + timedelta(days=days)
        ask_at = rules().calendar.daily(day - timedelta(days=14))
        visit = some_id(f"visit {len(self.world.facts)}")
        command = PlanRequest(occasion="baseline", due_on=day, ask_at=ask_at, appointment_id=visit)
        before = self.world.state
        made = self.hear(command, visit)
        self.planned += [(command, visit)] if made else []
        if isinstance(before, Requested) or (isinstance(before, Ended) and before.submission_id):
            again = all(isinstance(fact, BaselineTooOld) for fact in made)
            assert again, "what was asked stays asked; what was answered is asked for by another request"
            assert self.world.state.outstanding == before.outstanding

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """A visit that was planned for changes nothing when it is told again."""
        if self.planned:
            before = len(self.world.facts)
            self.world.command(*data.draw(st.sampled_from(self.planned)))
            assert len(self.world.facts) == before

    @rule(actor=PEOPLE, days=st.integers(1, 60))
    def ask(self, actor: Actor, days: int) -> None:
        due_on = self.today() + timedelta(days=days)
        command = RequestMeasures(referral_id=TARGET, occasion="review", instruments=FULL, due_on=due_on)
        self.refuse((*STRANGERS, PATIENT), command)
        self.take(actor, command)
        assert not self.take(actor, command)

    @rule(actor=PEOPLE, data=st.data(), value=VALUES, other=VALUES)
    def answer(self, actor: Actor, data: st.DataObject, value: int | None, other: int | None) -> None:
        """What is outstanding, or what is not."""
        state, week = self.world.state, timedelta(days=7)
        outstanding = state.wanted(self.world.at - week) if isinstance(state, WithAnswers) else ()
        first = data.draw(st.sampled_from((*outstanding, *ITEMS)))
        second = data.draw(st.sampled_from((*outstanding, first)))
        answers: dict[str, tuple[Any, ...]] = {first: (value,) * ITEMS[first]} | {
            second: (other,) * ITEMS[second]
        }
        submission = some_id(f"submission {len(self.submitted)}")
        command = AnswerMeasures(submission_id=submission, answers=answers)
        self.refuse(STRANGERS, command)
        made = self.take(actor, command)
        calls_for_help = bool(answers.get("phq9", (0,))[-1])
        known = not isinstance(self.world.state, NoRequest)
        assert bool(made) == (set(answers) <= set(outstanding) or (calls_for_help and known))
        for fact in made:
            if isinstance(fact, MeasureScored):
                assert set(answers[fact.instrument]) <= {0, 1, 3}
        if made:
            self.submitted.append(command)
            assert not self.take(actor, command), "the same submission again changes nothing"

    @rule(actor=PEOPLE)
    def decline(self, actor: Actor) -> None:
        self.refuse(STRANGERS, DeclineMeasures())
        if self.take(actor, DeclineMeasures()):
            assert isinstance(self.world.state, Ended) and not self.world.state.outstanding
        assert not self.take(actor, DeclineMeasures())

    @rule()
    def drop(self) -> None:
        self.hear(DropRequest(), some_id(f"cancelled {self.world.at} {len(self.world.facts)}"))
        assert not isinstance(self.world.state, Planned | Requested)

    @precondition(lambda self: bool(getattr(self.world.state, "findings", ())))
    @rule(actor=PEOPLE, data=st.data())
    def look(self, actor: Actor, data: st.DataObject) -> None:
        submission, finding = data.draw(st.sampled_from(self.world.state.findings))
        command = ReviewFinding(submission_id=submission, finding=finding, decision="talked")
        self.refuse((*STRANGERS, PATIENT, COORDINATOR), command)
        self.take(actor, command)
        assert not self.take(PHYSICIAN, command) or actor is not PHYSICIAN

    @precondition(lambda self: bool(getattr(self.world.state, "scores", ())))
    @rule(actor=PEOPLE, data=st.data())
    def mark(self, actor: Actor, data: st.DataObject) -> None:
        """By a clinician, once; the alert and the answers stay."""
        instrument = data.draw(st.sampled_from([each.instrument for each in self.world.state.scores]))
        command = MarkScoreInError(instrument=instrument, reason="misheard")
        self.refuse((*STRANGERS, PATIENT, COORDINATOR), command)
        self.take(actor, command)
        if actor is PHYSICIAN:
            assert not self.take(actor, command), "marked again, nothing changes"
            assert instrument not in self.world.state.outstanding

    @rule(days=st.integers(1, 30))
    def wait(self, days: int) -> None:
        """Every timer fires on the way, once."""
        until = self.world.at + timedelta(days=days)
        while due := [each for each in self.timers().values() if each.due <= until]:
            timer = min(due, key=lambda each: each.due)
            self.world.at = max(timer.due, self.world.at)
            assert self.hear(timer.command, some_id(f"timer {timer}")), "a timer that changes nothing"
        self.world.at = until

    def today(self) -> date:
        return rules().calendar.day(self.world.at)

    def timers(self) -> Any:
        return self.world.aggregate.timers(self.world.state, rules())

    def since_asked(self) -> list[Any]:
        """The facts from the last request on."""
        facts = [fact for fact, _ in self.world.facts]
        asked = [number for number, fact in enumerate(facts) if isinstance(fact, MeasureRequested)]
        return facts[asked[-1] :] if asked else []

    @invariant()
    def each_instrument_is_scored_once_for_each_request_and_never_after_it_was_declined(self) -> None:
        asked, *then = self.since_asked() or [None]
        over: set[str] = set()
        for fact in then:
            declined = isinstance(fact, MeasureNotScored) and fact.reason == "declined"
            if isinstance(fact, MeasureScored) or declined:
                assert fact.instrument in asked.instruments and fact.instrument not in over
                over.add(fact.instrument)
        if asked and not any(isinstance(fact, RequestPlanned) for fact in then):
            assert set(self.world.state.outstanding) == set(asked.instruments) - over

    @invariant()
    def a_submission_scores_an_instrument_once(self) -> None:
        scored = [(fact.submission_id, fact.instrument) for fact in self.made(MeasureScored)]
        assert len(set(scored)) == len(scored)

    @invariant()
    def each_stage_is_missed_at_most_once(self) -> None:
        stages = [fact.stage for fact in self.since_asked() if isinstance(fact, MeasureNotReceived)]
        assert stages in ([], ["D-1"], ["missed"], ["D-1", "missed"])

    @invariant()
    def every_finding_waits_until_somebody_looks(self) -> None:
        """Another score of what somebody has looked at, taken back later, is looked at once more."""
        waiting: set[tuple[str, str]] = set()
        for fact, _ in self.world.facts:
            match fact:
                case MeasureScored():
                    waiting |= {(fact.submission_id, each) for each in fact.findings}
                case FindingReviewed():
                    waiting.discard((fact.submission_id, fact.finding))
                case MeasureEnteredInError():
                    waiting -= {(fact.submission_id, each) for each in fact.findings}
                    waiting.add((fact.submission_id, "score_in_error"))
                case _:
                    continue
        assert set(getattr(self.world.state, "findings", ())) == waiting

    @invariant()
    def whoever_is_asked_is_not_forgotten(self) -> None:
        state = self.world.state
        if isinstance(state, Planned):
            assert "ask" in self.timers()
        if isinstance(state, Requested):
            assert state.outstanding and "miss" in self.timers()


TestRequests = Requests.TestCase
TestRequests.settings = explored(100, steps=40)
