"""The worklist alone, in memory: facts go in, items and queue rows come out. The real engine decides."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from backbone.decision import Command
from backbone.head import SYSTEM, Actor, Head
from backbone.ids import ROOT, derive
from backbone.runtime import Outcome
from backbone.service import one
from backbone.wire import headers_of
from backbone.writing import fact_json
from config.loading import SHIPPED
from schemas.fact import Fact
from services.worklist.domain.item.aggregate import ITEM
from services.worklist.domain.item.commands import Rights
from services.worklist.domain.item.states import Claimed, Waiting
from services.worklist.domain.rules import Rules, load_rules
from services.worklist.service import SERVICE
from tests.support.memory_system import MemorySystem, Message

PATIENT = derive(ROOT, "patient 1")
REFERRAL = derive(ROOT, "referral 1")
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


def clinic(text: str) -> datetime:
    """An instant in clinic time: `2027-01-04 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=shipped_rules().calendar.zone)


class Desk:
    """Facts are handled one by one, or all at once when they are told together."""

    def __init__(self, start: str = "2027-01-04 09:00", store: Any = None) -> None:
        stores = {"worklist": store} if store else None
        self.system = MemorySystem(clinic(start), {SERVICE: shipped_rules()}, stores)
        self.told: list[tuple[str, str, bytes, dict[str, str]]] = []
        self._sequences: dict[str, int] = defaultdict(int)

    @property
    def tables(self) -> Any:
        return self.system.workers["worklist"].store.tables

    async def tell(self, *facts: Fact, at: str | None = None, **about: Any) -> None:
        """Each fact arrives alone."""
        if at:
            await self.system.advance(clinic(at))
        for fact in facts:
            self._produce(fact, **about)
            await self.system.settle()

    async def tell_at_once(self, *facts: Fact, **about: Any) -> None:
        """All facts arrive in one run."""
        for fact in facts:
            self._produce(fact, **about)
        await self.system.settle()

    def _produce(
        self,
        fact: Fact,
        *,
        actor: Actor = SYSTEM,
        patient: str | None = PATIENT,
        referral: str | None = REFERRAL,
        aggregate: str | None = None,
        occurred: datetime | None = None,
    ) -> None:
        about = aggregate or referral or ROOT
        self._sequences[about] += 1
        head = self._head(fact, actor, patient, referral, about, occurred or self.system.clock.now())
        topic = f"{fact.wire_type.partition('.')[0]}.events"
        message = (topic, patient or about, fact_json(fact), msgspec.json.decode(headers_of(head)))
        self.told.append(message)
        self.system.produce(*message)

    def _head(
        self,
        fact: Fact,
        actor: Actor,
        patient: str | None,
        referral: str | None,
        about: str,
        occurred: datetime,
    ) -> Head:
        identity = derive(about, f"{fact.wire_type} {self._sequences[about]}")
        return Head(
            event_id=identity,
            type=fact.wire_type,
            origin=fact.wire_type.partition(".")[0],
            occurred_at=occurred,
            recorded_at=occurred,
            aggregate_type=fact.aggregate,
            aggregate_id=about,
            version=0,
            sequence=self._sequences[about],
            lane_key=patient,
            pathway_id=referral,
            correlation_id=identity,
            causation_id=identity,
            actor=actor,
        )

    async def replay(self) -> None:
        """Everything once more, as if the inbox had been pruned."""
        self.tables.inbox.clear()
        for message in self.told:
            self.system.produce(*message)
        await self.system.settle()

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
