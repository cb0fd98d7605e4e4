"""The worklist alone, in memory: facts go in, items and queue rows come out. The real engine decides."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from backbone.engine.runtime import Outcome
from backbone.ids import ROOT, derive
from backbone.model import Actor, Command, one
from config.loading import SHIPPED
from services.worklist.item.aggregate import ITEM
from services.worklist.item.commands import Rights
from services.worklist.item.states import Claimed, Waiting
from services.worklist.rules import Rules, load_rules
from services.worklist.service import SERVICE
from tests.support.feed import PATIENT, REFERRAL, Feed, clinic
from tests.support.memory_system import MemorySystem, Message

__all__ = ["PATIENT", "REFERRAL", "Desk", "clinic"]

FLAG = derive(ROOT, "flag 1")

NURSE = Actor("user", derive(ROOT, "a nurse"), "triage_nurse")
OTHER_NURSE = Actor("user", derive(ROOT, "another nurse"), "triage_nurse")
COORDINATOR = Actor("user", derive(ROOT, "a coordinator"), "care_coordinator")
LEAD = Actor("user", derive(ROOT, "a lead"), "clinical_lead")

NURSES = Rights(("triage_nurse",), ("nursing",))
COORDINATORS = Rights(("care_coordinator",), ("coordination",))
LEADS = Rights(("clinical_lead",), ("medical",))


@cache
def shipped_rules() -> Rules:
    return load_rules(SHIPPED)


class Desk(Feed):
    """The worklist and what stands in its queues."""

    def __init__(self, start: str = "2027-01-04 09:00", store: Any = None) -> None:
        stores = {"worklist": store} if store else None
        super().__init__(MemorySystem(clinic(start), {SERVICE: shipped_rules()}, stores))

    async def ask(
        self, item_id: str, command: Command, actor: Actor = NURSE, expecting: int | None = None
    ) -> Outcome:
        """A person's command, as HTTP gives it."""
        send = ITEM.send(command, to=one(item_id), expecting=expecting)
        outcome = await self.system.order("worklist", send, actor=actor)
        await self.system.settle()
        return outcome

    async def wait(self, until: str) -> None:
        """Time passes; timers fire."""
        await self.system.advance(clinic(until))

    def states(self) -> Mapping[str, Any]:
        """Every item's state, by id."""
        rows = self.tables.states.get("item", {})
        return {row.id: ITEM.state_decoder.decode(row.body) for row in rows.values()}

    def the(self, item_type: str) -> Any:
        """The state of the only item of this type."""
        known = [state for state in self.states().values() if hasattr(state, "item")]
        [state] = [state for state in known if state.item.item_type == item_type]
        return state

    def open(self) -> Sequence[str]:
        """Types of the open items, with their queues."""
        states = (s for s in self.states().values() if isinstance(s, Waiting | Claimed))
        return sorted(f"{s.item.queue} {s.item.item_type}" for s in states)

    def queue(self, name: str) -> Mapping[str, dict[str, Any]]:
        """The queue as a reader of its compacted topic sees it: the last value of each key."""
        rows: dict[str, dict[str, Any]] = {}
        for message in self._messages(f"worklist.queue.{name}"):
            assert message.key is not None
            if message.value is None:
                del rows[message.key]
            else:
                rows[message.key] = msgspec.json.decode(message.value)
        return rows

    def _messages(self, topic: str) -> Iterable[Message]:
        return [m for (name, _), log in sorted(self.system.log.items()) if name == topic for m in log]

    def facts(self) -> list[str]:
        """Public facts of the worklist so far, without service and version."""
        rows = self.tables.journal
        return [row.type.split(".")[1] for row in rows if row.sequence is not None]

    def payloads(self, name: str) -> Sequence[dict[str, Any]]:
        """Payloads of one fact, for example `item_opened`, in order."""
        wire_type = f"worklist.{name}.v1"
        return [msgspec.json.decode(row.data) for row in self.tables.journal if row.type == wire_type]

    def number_of_facts(self) -> int:
        return len(self.tables.journal)
