"""What holds for every aggregate, whatever happens in whatever order."""

from typing import Any

import msgspec
from hypothesis.stateful import RuleBasedStateMachine, invariant

from backbone.model import Actor, Command, Head
from schemas.fact import Fact
from tests.support.deciding import START, World
from tests.unit.referral.situations import REFERRER, rules


class Machine(RuleBasedStateMachine):
    """A world, its history, and the promises that hold for every aggregate."""

    world: World
    folded: list[tuple[Fact, Head]]

    def begin(self, aggregate: Any) -> None:
        self.folded = []
        folded = self.folded

        class Recording(World):
            def head(self, fact: Fact, identity: str, helped: tuple[str, ...]) -> Head:
                head = super().head(fact, identity, helped)
                folded.append((fact, head))
                return head

        self.world = Recording(aggregate, rules(), aggregate.initial, at=START, actor=REFERRER)

    def take(self, actor: Actor, command: Command) -> list[Fact]:
        before = len(self.world.facts)
        self.world.take(actor)
        self.world.take(command)
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
