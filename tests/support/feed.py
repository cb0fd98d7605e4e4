"""One service alone, in memory: facts of the others go in as its topics would bring them. The real engine decides."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from backbone.engine.writes import fact_json
from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Head
from backbone.model.wire import headers_of
from schemas.fact import Fact
from tests.support.memory_system import MemorySystem

CLINIC = ZoneInfo("America/New_York")
PATIENT = derive(ROOT, "patient 1")
REFERRAL = derive(ROOT, "referral 1")


def clinic(text: str) -> datetime:
    """An instant in clinic time: `2027-01-04 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CLINIC)


class Feed:
    """Facts are handled one by one, or all at once when they are told together."""

    def __init__(self, system: MemorySystem) -> None:
        self.system = system
        self.told: list[tuple[str, str, bytes, dict[str, str]]] = []
        self._sequences: dict[str, int] = defaultdict(int)

    @property
    def tables(self) -> Any:
        """Of the only service."""
        [worker] = self.system.workers.values()
        return worker.store.tables

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
        rules: tuple[str, ...] = (),
    ) -> None:
        about = aggregate or referral or ROOT
        self._sequences[about] += 1
        head = self._head(fact, actor, patient, referral, about, occurred or self.system.clock.now())
        head = msgspec.structs.replace(head, rules=rules)
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
