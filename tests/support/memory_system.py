"""All services in one process over an in-memory log: real engine, real consumer, any store, no Kafka."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from backbone.clock import SimulatedClock, epoch_nanoseconds
from backbone.engine.engine import Engine
from backbone.engine.runtime import Outcome, Runtime
from backbone.ids import derive, partition_of
from backbone.log.consumer import Consumer
from backbone.log.effects import AT_ONCE, Effects
from backbone.log.parking import Parking
from backbone.log.records import Record, Run
from backbone.log.relay import sendings
from backbone.model import SYSTEM, Actor, Cause, Handler, Order, Send, Service
from backbone.store.memory import MemoryStore
from backbone.store.outbox import Unsent
from backbone.store.rows import Answer
from backbone.telemetry import Metrics
from tests.support.tables import tables_of
from tests.support.whose import owned

PARTITIONS = 4
SECRET = b"a secret of the tests"
Place = tuple[str, int]
"""Topic and partition."""


class Message(NamedTuple):
    """One record on the in-memory log."""

    key: str | None
    value: bytes | None
    headers: dict[str, str]


class MemoryWorker:
    """One service."""

    def __init__(
        self,
        service: Service,
        rules: Any,
        clock: SimulatedClock,
        store: Any = None,
        handlers: Mapping[str, Handler] | None = None,
    ) -> None:
        self.store: Any = store or MemoryStore()
        self.tables = tables_of(self.store)
        self.engine, self.metrics = Engine(service, rules, SECRET, PARTITIONS), Metrics()
        self.consumer = Consumer(self.engine, self.store, clock, self.metrics)
        self.runtime = Runtime(self.engine, self.store, clock)
        self.parking = Parking(self.consumer)
        inside = service.inside(self.runtime) if service.inside else {}
        self.effects = Effects(self.engine, self.store, clock, self.metrics, {**inside, **(handlers or {})})


class MemorySystem:
    """Services by name over one log. `settle` goes on until nothing is in flight."""

    def __init__(
        self,
        start: datetime,
        services: Mapping[Service, Any],
        stores: Mapping[str, Any] | None = None,
        outside: Mapping[str, Mapping[str, Handler]] | None = None,
    ) -> None:
        self.clock = SimulatedClock(start)
        stores, outside = stores or {}, outside or {}
        self.workers = {
            service.name: MemoryWorker(
                service, rules, self.clock, stores.get(service.name), outside.get(service.name)
            )
            for service, rules in services.items()
        }
        self.log: dict[Place, list[Message]] = defaultdict(list)
        self._requests = 0
        self._unread: dict[MemoryWorker, set[Place]] = {}
        """Where there may be something that the worker has not read."""
        self._next: dict[tuple[MemoryWorker, Place], int] = {}
        """What a worker reads next, once it has asked for its position there."""

    def produce(
        self, topic: str, key: str, value: bytes | None, headers: dict[str, str] | None = None
    ) -> None:
        place = topic, partition_of(key, PARTITIONS)
        self.log[place].append(Message(key, value, headers or {}))
        for worker, unread in self._unread.items():
            if topic in worker.consumer.topics:
                unread.add(place)

    async def order(
        self, service: str, *orders: Order | Send, actor: Actor = SYSTEM, about: str | None = None
    ) -> Outcome:
        """As a request would."""
        self._requests += 1
        identity = derive("00000000-0000-4000-8000-000000000000", f"request {self._requests}")
        outcomes: list[Outcome] = []

        def answer(outcome: Outcome) -> Answer:
            outcomes.append(outcome)
            return Answer(200, b"{}")

        await self.workers[service].runtime.order(
            Cause(identity, self.clock.now(), actor, identity, lane_key=about), list(orders), answer
        )
        return outcomes[-1]

    async def settle(self) -> None:
        while await self._step():
            pass

    def rewind(self, *, forgetting: bool, topics: str = ".events") -> None:
        """Positions of all facts back to the first one, or of other topics whose names end like this; `forgetting`, the
        inboxes are emptied too. In memory only."""
        self._unread.clear()
        self._next.clear()
        for worker in self.workers.values():
            tables = worker.store.tables
            for place in tables.offsets:
                if place[0].endswith(topics):
                    tables.offsets[place] = 0
            if forgetting:
                tables.inbox.clear()

    async def _step(self) -> bool:
        moved = False
        for worker in self.workers.values():
            rows = await worker.tables.take_outbox()
            told_of(worker.engine, rows)
            for row in rows:
                headers = msgspec.json.decode(row["headers"])
                if aggregate := worker.engine.kinds.get(headers.get("ce_aggregatetype", "")):
                    owned(aggregate, headers)
                self.produce(row["topic"], row["key"], row["value"], headers)
                moved = True
            for kind in worker.effects.kinds:
                claimed = await worker.effects.claim(kind, AT_ONCE)
                await asyncio.gather(*(worker.effects.carry_out(effect) for effect in claimed))
                moved |= bool(claimed)
            for place in sorted(self._unread_of(worker) & self.log.keys()):
                moved |= await self._consume(worker, place)
        return moved

    def _unread_of(self, worker: MemoryWorker) -> set[Place]:
        if worker not in self._unread:
            self._unread[worker] = {place for place in self.log if place[0] in worker.consumer.topics}
        return self._unread[worker]

    async def _consume(self, worker: MemoryWorker, place: Place) -> bool:
        """Whether there was anything. Where handling fails, the position is asked for anew."""
        messages = self.log[place]
        position = self._next.pop((worker, place), None)
        if position is None:
            position = await worker.consumer.position(*place, 0, len(messages))
        records = [record(n, messages[n]) for n in range(position, len(messages))]
        if records:
            position = await worker.consumer.handle(Run(*place, position, records))
        self._next[worker, place] = position
        if position >= len(messages):
            self._unread[worker].discard(place)
        return bool(records)

    async def advance(self, to: datetime) -> None:
        """Move the clock from one due time to the next; everything settles in between."""
        await self.settle()
        while (due := await self._next_due()) is not None and due <= to:
            self.clock.move(max(due, self.clock.now()))
            for worker in self.workers.values():
                for lane in sorted(await worker.consumer.due_lanes(range(PARTITIONS))):
                    await worker.consumer.fire_timers(lane)
            await self.settle()
        self.clock.move(to)

    async def _next_due(self) -> datetime | None:
        dues = [(await worker.store.left()).next_due for worker in self.workers.values()]
        return min((due for due in dues if due), default=None)

    async def facts(self, service: str) -> list[str]:
        """Wire types of the service's journal, in order, private ones included."""
        return [row["type"] for row in await self.workers[service].tables.rows("journal")]

    async def journal(self, service: str, wire_type: str) -> Sequence[dict[str, Any]]:
        """The payloads of one type."""
        rows = await self.workers[service].tables.rows("journal")
        return [msgspec.json.decode(row["data"]) for row in rows if row["type"] == wire_type]


def told_of(engine: Engine, rows: Sequence[Any]) -> None:
    """What is sent is told as the relay tells it."""
    if engine.spans.on:
        unsent = [
            Unsent(n, row["topic"], row["key"], row["value"], row["headers"]) for n, row in enumerate(rows)
        ]
        engine.spans.tell(sendings(engine.service.name, unsent, epoch_nanoseconds()))


def record(offset: int, message: Message) -> Record:
    headers = [(name, value.encode()) for name, value in message.headers.items()]
    return Record(
        offset, message.key.encode() if message.key else None, message.value, headers, 1_800_000_000_000
    )
