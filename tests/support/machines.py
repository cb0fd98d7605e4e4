"""The promises that hold for every aggregate, whatever anybody does in whatever order: a hypothesis state machine."""

from collections.abc import Iterable
from typing import Any

import msgspec
from hypothesis.stateful import RuleBasedStateMachine, invariant

from backbone.model import SYSTEM, Actor, Aggregate, Command, Head, Refused
from schemas.fact import Fact
from tests.support.deciding import START, World


class Machine(RuleBasedStateMachine):
    """A world and its history. `begin` it in an `@initialize` rule."""

    world: World
    folded: list[tuple[Fact, Head]]

    def begin(self, aggregate: Aggregate[Any], rules: Any) -> None:
        self.folded = []
        folded = self.folded

        class Recording(World):
            def head(self, fact: Fact, identity: str, helped: tuple[str, ...]) -> Head:
                head = super().head(fact, identity, helped)
                folded.append((fact, head))
                return head

        self.world = Recording(aggregate, rules, aggregate.initial, at=START)

    def take(self, actor: Actor, command: Command) -> list[Fact]:
        """What came of it: nothing also when it was refused."""
        before = len(self.world.facts)
        self.world.take(actor)
        self.world.take(command)
        return [fact for fact, _ in self.world.facts[before:]]

    def refuse(self, actors: Iterable[Actor], command: Command) -> None:
        """To none of them is it allowed."""
        for actor in actors:
            self.world.take(actor)
            assert isinstance(self.world.take(command), Refused), f"{actor.kind} may not do this"

    def made(self, kind: type[Any]) -> list[Any]:
        """Every fact of this kind so far."""
        return [fact for fact, _ in self.world.facts if isinstance(fact, kind)]

    def hear(self, command: Command, cause: str) -> list[Fact]:
        """As a reaction to the fact `cause`; a second time nothing may come of it."""
        before = len(self.world.facts)
        self.world.actor = SYSTEM
        self.world.command(command, cause)
        made = len(self.world.facts)
        self.world.command(command, cause)
        assert len(self.world.facts) == made, "the same fact again changes nothing"
        return [fact for fact, _ in self.world.facts[before:]]

    @invariant()
    def folding_the_facts_again_gives_the_same_state(self) -> None:
        state = self.world.aggregate.initial
        for fact, head in self.folded:
            again = type(fact).model_validate_json(fact.model_dump_json(exclude_none=True, by_alias=True))
            assert again == fact
            state = self.world.aggregate.after(state, again, head)
        assert state == self.world.state

    @invariant()
    def a_stored_state_is_the_same_state(self) -> None:
        body = msgspec.json.encode(self.world.state)
        assert self.world.aggregate.state_decoder.decode(body) == self.world.state
