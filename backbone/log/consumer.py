"""One run of records → one transaction: trim, parse, dedupe, execute, park. Knows no host."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from backbone.clock import Clock
from backbone.engine.engine import Engine
from backbone.engine.generic import Generic
from backbone.engine.work import Poisoned, Work
from backbone.engine.writes import NO_HEADERS, shard_of
from backbone.errors import OffsetLost, Retryable
from backbone.ids import ROOT, derive
from backbone.log.arrivals import Arrival, Arrivals, parked_row
from backbone.log.records import Run
from backbone.log.timers import fire_due
from backbone.model.aggregate import One
from backbone.model.head import SYSTEM, Cause
from backbone.model.wire import Unparsable
from backbone.store.locks import Locks
from backbone.store.port import Store, Transaction
from backbone.store.rows import OutboxRow
from backbone.store.transact import transact
from backbone.telemetry import Metrics, log


@dataclass(slots=True)
class Poison:
    """An arrival that can't be handled, and why."""

    arrival: Arrival
    reason: str
    error: str


@dataclass(slots=True)
class Sorted:
    """A run's arrivals: those to handle, and those that wait, each with its poison or the key that holds it back."""

    handle: list[Arrival] = field(default_factory=list)
    poison: list[Poison] = field(default_factory=list)
    held: list[Arrival] = field(default_factory=list)
    admitted: set[str] = field(default_factory=set)
    """Ids that this run put into the inbox; those that are not handled after all leave it again."""


class Consumer:
    """The core that hosts drive."""

    def __init__(self, engine: Engine, store: Store, clock: Clock, metrics: Metrics) -> None:
        self.engine = engine
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.arrivals = Arrivals(engine.service)

    @property
    def topics(self) -> frozenset[str]:
        return self.engine.service.topics

    async def position(self, topic: str, partition: int, beginning: int, end: int) -> int:
        self.arrivals.sequences.forget(topic, partition)
        with self.store.retryable():
            async with self.store.transaction() as tx:
                position = await tx.make_offset(topic, partition, beginning)
        if position < beginning:
            raise OffsetLost(
                f"{topic}/{partition}: the next record to handle is {position}, but the log begins at {beginning}: "
                f"retention deleted {beginning - position} records. "
                "Restore them by a replay, then move the position by hand."
            )
        return position

    async def handle(self, run: Run) -> int:
        try:
            with self.store.retryable():
                return await self._handle(run, one_by_one=False)
        except Retryable:
            raise
        except Exception as error:
            log.warning(
                "run repeated record by record", extra={"topic": run.topic, "error": type(error).__name__}
            )
        with self.store.retryable():
            return await self._handle(run, one_by_one=True)

    async def due_lanes(self, lanes: Collection[int]) -> Collection[int]:
        with self.store.retryable():
            return await self.store.due_lanes(lanes, self.clock.now())

    async def fire_timers(self, lane: int) -> None:
        with self.store.retryable():
            await fire_due(self.engine, self.store, self.clock, lane)

    async def _handle(self, run: Run, *, one_by_one: bool) -> int:
        async def handled(tx: Transaction) -> int:
            with self.metrics.transaction_seconds.time():
                return await self._handle_in(tx, run, one_by_one)

        position = await transact(self.store, handled, Locks(lanes=frozenset([run.partition])))
        self._alarm_of_gaps(run.topic)
        return position

    async def _handle_in(self, tx: Transaction, run: Run, one_by_one: bool) -> int:
        """The position after it."""
        position = await tx.locked_offset(run.topic, run.partition)
        if position is None:
            raise Retryable(f"{run.topic}/{run.partition} has no position yet")
        if run.fetch_position > position:
            return position
        records = [record for record in run.records if record.offset >= position]
        if not records:
            return position
        arrivals = self.arrivals.read(run.topic, run.partition, records)
        if one_by_one:
            await self._each(tx, arrivals)
        elif arrivals:
            await self._arrive(tx, arrivals)
        position = records[-1].offset + 1
        await tx.set_offset(run.topic, run.partition, position)
        self.metrics.batch_size.observe(len(records))
        return position

    def _alarm_of_gaps(self, topic: str) -> None:
        gaps, self.arrivals.gaps = self.arrivals.gaps, 0
        if gaps:
            self.metrics.gaps.inc(gaps)
            log.warning("sequence numbers are missing", extra={"topic": topic, "count": gaps})

    async def _each(self, tx: Transaction, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            try:
                async with tx.savepoint():
                    await self._arrive(tx, [arrival])
            except Exception as error:
                if self.store.transient(error):
                    raise
                arrival.error = error
                await self._arrive(tx, [arrival])

    async def _arrive(self, tx: Transaction, arrivals: Sequence[Arrival]) -> None:
        """Handle what can be handled, park what can't with all that follows it, and write both."""
        now = self.clock.now()
        sorted_ = await self._sort(tx, arrivals, now)
        works = self._works(sorted_)
        while True:
            parkings = self._parking_works(sorted_.poison, now)
            try:
                result = await self.engine.carry_out(tx, [*works.values(), *parkings], now)
                break
            except Poisoned as poisoned:
                [bad] = [arrival_id for arrival_id, work in works.items() if work is poisoned.work]
                self._turn_out(sorted_, works, bad, poisoned.error)
        unhandled = sorted_.admitted.difference(arrival.id for arrival in sorted_.handle)
        if unhandled:
            await tx.forget(list(unhandled))
        result.writes.outbox.extend(await self._park(tx, sorted_, now))
        await tx.write(result.writes)
        self.metrics.handled.inc(len(works))
        self._observe_latency(sorted_.handle, now)

    async def _sort(self, tx: Transaction, arrivals: Sequence[Arrival], now: datetime) -> Sorted:
        """Drop repeated ids; hold back what stands behind something parked."""
        readable = [arrival for arrival in arrivals if arrival.error is None]
        admission = await tx.admit([a.id for a in readable], [a.key for a in readable], now)
        sorted_ = Sorted(admitted=set(admission.fresh))
        new, parked = admission.fresh, set(admission.parked)
        for arrival in arrivals:
            repeated = (
                arrival.id in admission.handled if arrival.key in admission.parked else arrival.id not in new
            )
            new.discard(arrival.id)
            if arrival.error is None and repeated:
                self.metrics.duplicates.inc()
            elif arrival.key in parked:
                sorted_.held.append(arrival)
            elif arrival.error is not None:
                parked.add(arrival.key)
                sorted_.poison.append(poison_of(arrival, arrival.error))
            else:
                sorted_.handle.append(arrival)
        return sorted_

    def _works(self, sorted_: Sorted) -> dict[str, Work]:
        works: dict[str, Work] = {}
        wanted = {arrival.id for arrival in sorted_.handle}
        for arrival in list(sorted_.handle):
            if arrival.id not in wanted:
                continue
            try:
                works[arrival.id] = self.arrivals.work(arrival, self.engine.rules)
            except Exception as error:
                self._turn_out(sorted_, works, arrival.id, error)
                wanted = {kept.id for kept in sorted_.handle}
        return works

    def _turn_out(self, sorted_: Sorted, works: dict[str, Work], bad: str, error: Exception) -> None:
        """Park this arrival, and hold back what follows it under its key."""
        index = next(n for n, arrival in enumerate(sorted_.handle) if arrival.id == bad)
        arrival = sorted_.handle[index]
        behind = [later for later in sorted_.handle[index + 1 :] if later.key == arrival.key]
        sorted_.poison.append(poison_of(arrival, error))
        sorted_.held[:0] = behind
        gone = {id(arrival), *(id(later) for later in behind)}
        sorted_.handle[:] = [kept for kept in sorted_.handle if id(kept) not in gone]
        for removed in (arrival, *behind):
            works.pop(removed.id, None)

    def _parking_works(self, poison: Sequence[Poison], now: datetime) -> list[Work]:
        """The parked key becomes a fact, so that somebody hears of it."""
        generic = Generic.of(self.engine.service)
        works = []
        for item in poison:
            arrival = item.arrival
            cause = Cause(
                derive(arrival.id, "park"), now, SYSTEM, arrival.id, arrival.lane_key, source="record"
            )
            about = One(arrival.lane_key) if arrival.lane_key else None
            works.append(
                Work(
                    cause,
                    [generic.park(parking_id(self.engine.service.name, arrival.key), item.reason, about)],
                )
            )
        return works

    async def _park(self, tx: Transaction, sorted_: Sorted, now: datetime) -> list[OutboxRow]:
        """Keep the records, in the order in which they came; tell the dead-letter topic their coordinates."""
        rows = [parked_row(item.arrival, item.reason, item.error, now) for item in sorted_.poison]
        rows += [
            parked_row(arrival, "behind", "waits behind a parked record", now) for arrival in sorted_.held
        ]
        if not rows:
            return []
        rows.sort(key=lambda row: row.record_offset)
        new = await tx.park(rows)
        topic = self.engine.service.dead_letters_topic
        letters = []
        for row in rows:
            if row.record_id in new:
                value = msgspec.json.encode(
                    {
                        "record_id": row.record_id,
                        "topic": row.topic,
                        "partition": row.partition,
                        "offset": row.record_offset,
                        "reason": row.reason,
                        "parked_at": now,
                    }
                )
                letters.append(
                    OutboxRow(shard_of(self.engine, row.key), topic, row.key, value, NO_HEADERS, now)
                )
        return letters

    def _observe_latency(self, handled: Sequence[Arrival], now: datetime) -> None:
        for arrival in handled[-1:]:
            if arrival.event is not None:
                self.metrics.latency_seconds.observe(
                    max(0.0, (now - arrival.event.head.recorded_at).total_seconds())
                )


def parking_id(service: str, key: str) -> str:
    """The aggregate that stands for a parked key."""
    return derive(ROOT, f"parking:{service}:{key}")


def poison_of(arrival: Arrival, error: Exception) -> Poison:
    reason = error.reason if isinstance(error, Unparsable) else "programming_error"
    return Poison(arrival, reason, f"{type(error).__name__}: {error}")
