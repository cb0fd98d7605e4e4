"""What can be done with an item now, and by whom. The deciders themselves are asked, so it can't differ."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from backbone.model import Actor, Command, Given, Refused, TooEarly
from backbone.model.table import Transition
from schemas.codes import Queue
from services.worklist.item.commands import (
    ClaimItem,
    ReleaseItem,
    Rights,
    TransferItem,
    UndoTransition,
)
from services.worklist.item.decide.movements import MOVING
from services.worklist.item.states import Claimed, Item, Waiting
from services.worklist.rules import Rules

PERSONAL: Mapping[str, type[Command]] = {
    "claim": ClaimItem,
    "release": ReleaseItem,
    "transfer": TransferItem,
    "undo": UndoTransition,
}
"""No person completes an item: the fact of the work does."""


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """`allowed`: to the one who asks. These roles, disciplines, persons may; a transfer goes to `queues`."""

    action: str
    allowed: bool
    roles: tuple[str, ...] = ()
    disciplines: tuple[Queue, ...] = ()
    persons: tuple[str, ...] = ()
    queues: tuple[Queue, ...] = ()


def possible_actions(state: Any, actor: Actor, rights: Rights, at: datetime, rules: Rules) -> list[Action]:
    """In order of the table above. Nothing is possible with an item that ended."""
    if not isinstance(state, Waiting | Claimed):
        return []
    asked = Asked(state, actor, rights, at, rules)
    return [action for action in (asked.claim(), asked.release(), asked.transfer(), asked.undo()) if action]


class Asked:
    """One person asks about one item at one moment."""

    def __init__(
        self, state: Waiting | Claimed, actor: Actor, rights: Rights, at: datetime, rules: Rules
    ) -> None:
        self.state = state
        self.item: Item = state.item
        self.rights = rights
        self.rules = rules
        self.given = Given(
            command_id=state.item.id,
            target=state.item.id,
            at=at,
            actor=actor,
            rules=rules,
            version=state.item.version,
        )

    def claim(self) -> Action | None:
        if isinstance(self.state, Claimed):
            return None
        roles = tuple(sorted(self.rules.queue(self.item.queue).roles))
        return Action("claim", self.allows(ClaimItem(self.rights)), roles, disciplines=(self.item.queue,))

    def release(self) -> Action | None:
        if isinstance(self.state, Waiting):
            return None
        return Action("release", self.allows(ReleaseItem(self.rights)), self.leads, persons=(self.state.by,))

    def transfer(self) -> Action | None:
        queues = tuple(self.takers())
        if not queues:
            return None
        allowed = self.allows(TransferItem(self.rights, queues[0], "wrong_queue"))
        persons = (self.state.by,) if isinstance(self.state, Claimed) else ()
        return Action("transfer", allowed, self.leads, persons=persons, queues=queues)

    def undo(self) -> Action | None:
        last = self.state.last
        if last is None or self.given.at > last.at + self.rules.undo_window:
            return None
        persons = (last.by,) if last.by else ()
        return Action("undo", self.allows(UndoTransition(self.rights)), self.leads, persons=persons)

    @property
    def leads(self) -> tuple[str, ...]:
        return tuple(sorted(self.rules.queue(self.item.queue).leads))

    def takers(self) -> Iterable[Queue]:
        """Queues that take the item."""
        for queue in self.rules.queues:
            if queue != self.item.queue and self.rules.accepts(queue, self.item.item_type):
                yield queue

    def allows(self, command: Command) -> bool:
        decide: Transition = MOVING.rows[type(self.state), type(command)]
        return not isinstance(decide(self.state, command, self.given), Refused | TooEarly)
