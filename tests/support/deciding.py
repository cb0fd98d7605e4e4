"""given(...).when(...).then(...): a pure aggregate read as a specification. No store, no clock, no
randomness.

    given = deciding(REFERRAL, rules)

    def test_a_second_person_cannot_accept_again():
        given(nurse, receive(), triage("cat_2"), Accept()).when(Accept()).then(refused("accepted"))

A step is a command (decided, then folded), a fact (folded), a state (taken as it is), a `datetime` (from now
on it is this time), an `Actor` (from now on this one acts) or `Rights` (what their token says).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from backbone.ids import ROOT, command_id, derive, fact_id
from backbone.model import (
    SYSTEM,
    Actor,
    Aggregate,
    Command,
    Content,
    Decision,
    Given,
    Head,
    Refused,
    Rights,
    Ruled,
    State,
    Timer,
    TooEarly,
    tag_of,
)
from backbone.model.proposals import answering
from schemas.fact import Fact
from tests.support import moves
from tests.support.expecting import (
    Expected,
    Nothing,
    Refusing,
    expectation,
    like,
    nothing,
    refused,
    ruled,
    too_early,
)

__all__ = ["LANE", "START", "TARGET", "deciding", "like", "nothing", "refused", "ruled", "too_early"]

Step = Command | Fact | State | datetime | Actor | Rights

TARGET = derive(ROOT, "the aggregate under test")
LANE = derive(ROOT, "the patient")
START = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
"""Monday 2027-01-04, 09:00 at the clinic."""


@dataclass
class World:
    """What the aggregate went through so far."""

    aggregate: Aggregate[Any]
    rules: Any
    state: Any
    at: datetime = START
    actor: Actor = SYSTEM
    rights: Rights = Rights()  # noqa: RUF009 (a constant)
    version: int = 0
    sequence: int = 0
    steps: int = 0
    number: int | None = 1
    about: Mapping[str, Any] = field(default_factory=dict)
    others: Mapping[Any, Any] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    facts: list[tuple[Fact, tuple[str, ...]]] = field(default_factory=list)
    cause: str = ROOT
    by_hand: bool = False
    """A test put a fact or a state there: what follows may not be what can happen."""

    def beside_it(self, kind: str, identity: str) -> Any:
        """A test names what stands beside by its id; where kinds share one, by (kind, id)."""
        return self.others[kind, identity] if (kind, identity) in self.others else self.others[identity]

    def take(self, step: Step) -> Refused | TooEarly | None:
        self.steps += 1
        cause = derive(ROOT, f"step {self.steps}")
        match step:
            case datetime():
                self.at = step
            case Actor():
                self.actor = step
            case Rights():
                self.rights = step
            case Fact():
                self.by_hand = True
                self.fold(step, fact_id(cause, TARGET, 1), ())
            case State():
                self.by_hand = True
                self.state, self.version = step, max(self.version, 1)
            case Command():
                return self.command(step, cause)
        return None

    def command(self, command: Command, cause: str) -> Refused | TooEarly | None:
        self.cause = cause
        decision = self.decide(command, cause)
        if isinstance(decision, Refused | TooEarly):
            return decision
        identity, index = command_id(cause, tag_of(type(command)), TARGET), 0
        for made in decision:
            if isinstance(made, Content):
                self.contents[made.ref] = made.body
                continue
            index += 1
            fact, rules = (made.fact, made.named) if isinstance(made, Ruled) else (made, ())
            self.fold(fact, fact_id(identity, TARGET, index), rules)
        return None

    def decide(self, command: Command, cause: str) -> Decision:
        table = self.aggregate.decide
        decide = table.rows.get((type(self.state), type(command)))
        if decide is None:
            possible = tuple(answer.__name__ for answer in table.answers(type(self.state)))
            return Refused(
                f"not possible while {self.aggregate.kind} is {tag_of(type(self.state))}", instead=possible
            )
        decision: Decision = decide(self.state, command, self.given(command, cause))
        return decision

    def given(self, command: Command, cause: str) -> Given[Any]:
        refs = self.aggregate.reads(self.state, command)
        return Given(
            command_id=command_id(cause, tag_of(type(command)), TARGET),
            target=TARGET,
            at=self.at,
            actor=self.actor,
            rules=self.rules,
            rights=self.rights,
            lane_key=LANE,
            pathway_id=TARGET,
            cause_id=cause,
            number=self.number if not self.version else None,
            version=self.version,
            **self.about,
            others={key: self.beside_it(*key) for key in self.aggregate.needs(self.state, command)},
            contents={ref: self.contents[ref] for ref in refs if ref in self.contents},
        )

    def fold(self, fact: Fact, identity: str, rules: tuple[str, ...]) -> None:
        self.version += 1
        self.sequence += fact.public
        before, fact = self.state, answering(self.state, fact, self.actor)
        self.state = self.aggregate.after(before, fact, self.head(fact, identity, rules))
        if not self.by_hand:
            moves.seen(self.aggregate, before, self.state, fact.wire_type)
        self.facts.append((fact, rules))

    def head(self, fact: Fact, identity: str, rules: tuple[str, ...]) -> Head:
        return Head(
            event_id=identity,
            type=fact.wire_type,
            origin="test",
            occurred_at=self.at,
            recorded_at=self.at,
            aggregate_type=self.aggregate.kind,
            aggregate_id=TARGET,
            version=self.version,
            sequence=self.sequence if fact.public else None,
            lane_key=LANE,
            pathway_id=TARGET,
            correlation_id=ROOT,
            causation_id=self.cause,
            actor=self.actor,
            rules=rules,
        )


@dataclass
class Result:
    """What the last steps led to."""

    world: World
    refusal: Refused | TooEarly | None
    facts: list[tuple[Fact, tuple[str, ...]]]

    @property
    def state(self) -> Any:
        return self.world.state

    @property
    def timers(self) -> Mapping[str, Timer]:
        return self.world.aggregate.timers(self.world.state, self.world.rules)

    @property
    def only_facts(self) -> list[Fact]:
        return [fact for fact, _ in self.facts]

    def then(self, *expected: type[Fact] | Fact | Expected | Refusing | Nothing) -> "Result":
        """Exactly these facts in this order; or `refused()`, `too_early()`, `nothing()`.

        Private facts are compared only when one is expected.
        """
        match expected:
            case (Refusing() as refusing,):
                self._is_refused(refusing)
            case (Nothing(),):
                self._are_facts((), self.facts)
            case _:
                wanted = [expectation(each) for each in expected if not isinstance(each, Refusing | Nothing)]
                assert len(wanted) == len(expected), "a refusal, or nothing, stands alone"
                all_of_them = any(not each.fact.public for each in wanted)
                self._are_facts(wanted, [made for made in self.facts if all_of_them or made[0].public])
        return self

    def then_state(self, state: type[State] | State) -> "Result":
        if isinstance(state, State):
            assert self.state == state
        else:
            assert type(self.state) is state, f"expected {state.__name__}, is {self.state}"
        return self

    def _is_refused(self, expected: Refusing) -> None:
        assert isinstance(self.refusal, expected.kind), (
            f"expected a refusal, got {self.refusal or self.only_facts}"
        )
        assert expected.reason in self.refusal.reason, self.refusal
        if expected.instead is not None:
            assert isinstance(self.refusal, Refused) and expected.instead in self.refusal.instead, (
                self.refusal
            )
        if expected.code is not None:
            assert self.refusal.code == expected.code, self.refusal

    def _are_facts(self, wanted: Sequence[Expected], made: Sequence[tuple[Fact, tuple[str, ...]]]) -> None:
        assert self.refusal is None, self.refusal
        assert [type(fact).__name__ for fact, _ in made] == [each.fact.__name__ for each in wanted]
        problems = [each.problem(*found) for each, found in zip(wanted, made, strict=True)]
        assert not any(problems), [problem for problem in problems if problem]


@dataclass
class Situation:
    """What has happened before the test begins."""

    world: World

    def beside(
        self, others: Mapping[str, Any] | None = None, contents: Mapping[str, bytes] | None = None
    ) -> "Situation":
        """Other aggregates' states by id, and content by ref, that deciders may ask for."""
        self.world.others = {**self.world.others, **(others or {})}
        self.world.contents.update(contents or {})
        return self

    def apart(self) -> "Situation":
        """The same once more: what happens in either is not seen in the other."""
        world = self.world
        return Situation(replace(world, contents={**world.contents}, facts=[*world.facts]))

    def when(self, *steps: Step) -> Result:
        """Only the last command may be refused."""
        already, refusal = len(self.world.facts), None
        for step in steps:
            assert refusal is None, f"refused: {refusal}"
            refusal = self.world.take(step)
        return Result(self.world, refusal, self.world.facts[already:])


@dataclass(frozen=True)
class Deciding:
    """`given` for one kind of aggregate under one set of rules."""

    aggregate: Aggregate[Any]
    rules: Any
    actor: Actor = SYSTEM
    at: datetime = START
    others: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, *steps: Step) -> Situation:
        world = World(self.aggregate, self.rules, self.aggregate.initial, at=self.at, actor=self.actor)
        world.others = self.others
        for step in steps:
            refusal = world.take(step)
            assert refusal is None, f"the situation itself is refused at {step}: {refusal}"
        return Situation(world)


def deciding(
    aggregate: Aggregate[Any],
    rules: Any = None,
    *,
    actor: Actor = SYSTEM,
    at: datetime = START,
    others: Mapping[str, Any] | None = None,
) -> Deciding:
    """`others`: states of other aggregates by id, for every situation."""
    return Deciding(aggregate, rules, actor, at, others or {})
