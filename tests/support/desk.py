"""The worklist alone, in memory: facts go in, items and queue rows come out. The real engine decides."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from backbone.engine.runtime import Outcome
from backbone.ids import ROOT, derive
from backbone.model import Actor, Command, Head, one
from config.loading import SHIPPED
from schemas.fact import Fact
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.item.aggregate import ITEM
from services.worklist.item.states import Open
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


@cache
def shipped_rules() -> Rules:
    return load_rules(SHIPPED)


@cache
def kinds() -> Mapping[str, str]:
    """Wire type → the kind of aggregate that really publishes it, as the services' tables have it."""
    services = (REFERRALS, SCHEDULING, CARE_PLAN, NOTIFICATIONS)
    return {
        wire_type: aggregate.kind
        for service in services
        for aggregate in service.aggregates
        for wire_type in aggregate.facts
    }


def kind_of(fact: Fact) -> str:
    return kinds().get(fact.wire_type, fact.aggregate)


def own_id(fact: Fact, referral: str) -> str:
    """The aggregate that a fact comes from: as the fact names it, or the only one of its kind about the referral."""
    kind = kind_of(fact)
    return str(getattr(fact, f"{kind}_id", referral if kind == "referral" else derive(referral, kind)))


class Desk(Feed):
    """The worklist and what stands in its queues."""

    def __init__(self, start: str = "2027-01-04 09:00", store: Any = None) -> None:
        stores = {"worklist": store} if store else None
        self._numbers: dict[tuple[str, str], int] = defaultdict(int)
        super().__init__(MemorySystem(clinic(start), {SERVICE: shipped_rules()}, stores))

    def _produce(
        self, fact: Fact, *, aggregate: str | None = None, referral: str | None = REFERRAL, **about: Any
    ) -> None:
        super()._produce(
            fact, aggregate=aggregate or own_id(fact, referral or ROOT), referral=referral, **about
        )

    def _head(self, fact: Fact, *about: Any) -> Head:
        """Each aggregate counts its own facts; two kinds may have the same id."""
        head = super()._head(fact, *about)
        kind = kind_of(fact)
        self._numbers[kind, head.aggregate_id] += 1
        sequence = self._numbers[kind, head.aggregate_id]
        return msgspec.structs.replace(head, aggregate_type=kind, sequence=sequence)

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
        states = (s for s in self.states().values() if isinstance(s, Open))
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
