"""One run of records → one transaction: trim, parse, dedupe, execute, park. Knows no host."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backbone.clock import Clock, epoch_nanoseconds
from backbone.engine.engine import Engine, Result
from backbone.engine.work import Poisoned, Work
from backbone.errors import Fatal, Outage, Retryable, Stopped
from backbone.log.arrivals import Arrival, Arrivals
from backbone.log.opening import opened
from backbone.log.piecemeal import Piecemeal, behind
from backbone.log.poison import Poison, letters_of, parking_works, rows_of, tell
from backbone.log.records import Record, Run
from backbone.log.results import Told, put_aside, results_of
from backbone.log.timers import AT_ONCE, fire_due, postpone
from backbone.model.wire import trace_header
from backbone.store.locks import Locks
from backbone.store.port import Store, Transaction
from backbone.store.rows import Position
from backbone.store.transact import transact
from backbone.telemetry import Metrics, log
from backbone.tracing import Span, kept


def strange(kept: Position, beginning: int, end: int, topic_id: str | None) -> str | None:
    """Why the log is not the one that the position counts in. None when nothing says so."""
    if topic_id and kept.topic_id != topic_id:
        return "the topic was made anew, and none of its records is one that was handled before"
    if kept.next_offset > end:
        return f"the log ends at {end}, and everything below {kept.next_offset} was handled: it lost its end"
    if kept.next_offset < beginning:
        lost = beginning - kept.next_offset
        return f"the log begins at {beginning}: retention deleted {lost} records that were not handled"
    return None


PASSES = 3
"""How often a transaction is decided anew without what could not be decided, before the run is taken apart."""


class Entangled(Exception):
    """What can't be handled here can't be told from the rest: the run is taken apart."""


@dataclass(slots=True)
class Sorted:
    """A run's arrivals: those to handle, and those that wait, each with its poison or the key that holds it back."""

    handle: list[Arrival] = field(default_factory=list)
    poison: list[Poison] = field(default_factory=list)
    held: list[Arrival] = field(default_factory=list)
    admitted: set[str] = field(default_factory=set)
    """Ids that this run put into the inbox; those that are not handled after all leave it again."""
    repeated: set[str] = field(default_factory=set)
    """Ids that came more than once in this run: the later ones were dropped."""

    def turn_out(self, bad: Mapping[str, Exception]) -> None:
        """Park these, and hold back what follows them under their keys.

        Raises Entangled when one of them came more than once: what was dropped may be its corrected form.
        """
        if not self.repeated.isdisjoint(bad):
            raise Entangled("an id came more than once")
        handle, self.handle = self.handle, []
        stopped: set[str] = set()
        for arrival in handle:
            if arrival.key in stopped:
                self.held.append(arrival)
            elif error := bad.get(arrival.id):
                stopped.add(arrival.key)
                self.poison.append(Poison(arrival, error))
            else:
                self.handle.append(arrival)


def handlings(arrivals: Iterable[Arrival], began: int) -> Iterator[Span]:
    """A span of each record that was handled and says what caused it."""
    ended = epoch_nanoseconds()
    for arrival in arrivals:
        own = arrival.work.cause.traceparent if arrival.work else None
        if own is None or not kept(own):
            continue
        said = {
            "messaging.system": "kafka",
            "messaging.destination.name": arrival.topic,
            "messaging.destination.partition.id": str(arrival.partition),
            "messaging.kafka.offset": arrival.record.offset,
            "huddle.record_id": arrival.id,
        }
        what = arrival.event.head.type if arrival.event else arrival.topic
        parent = trace_header(arrival.record.headers)
        yield Span(f"handle {what}", "consumer", own, parent, began, ended, said)


class Consumer:
    """The core that hosts drive."""

    def __init__(self, engine: Engine, store: Store, clock: Clock, metrics: Metrics) -> None:
        self.engine = engine
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.arrivals = Arrivals(engine.service)
        self._piecemeal = Piecemeal(store)

    @property
    def topics(self) -> frozenset[str]:
        return self.engine.service.topics

    @property
    def needs(self) -> frozenset[str]:
        return self.topics | {self.engine.service.events_topic}

    @property
    def partitions(self) -> int:
        return self.engine.partitions

    async def position(
        self, topic: str, partition: int, beginning: int, end: int, topic_id: str | None = None
    ) -> int:
        self.arrivals.sequences.forget(topic, partition)
        self.arrivals.topic_ids[topic] = topic_id
        with self.store.retryable():
            async with self.store.transaction() as tx:
                kept = await tx.make_offset(topic, partition, beginning, topic_id)
                why = kept.stopped or strange(kept, beginning, end, topic_id)
                if why and not kept.stopped:
                    await tx.stop_offset(topic, partition, why)
        if why:
            raise Stopped(f"{topic}/{partition}: {why}")
        return kept.next_offset

    async def handle(self, run: Run) -> int:
        """One transaction. Where that can't be, as many as it takes to find what can't be handled, and park it."""
        rest, reached = list(run.records), run.fetch_position

        async def do(count: int, error: Exception | None = None, *, told: bool = True) -> bool:
            nonlocal reached
            part = run._replace(fetch_position=reached, records=rest[:count])
            reached = await self._handle(part, error, told=told)
            del rest[:count]
            return bool(rest) and reached == part.records[-1].offset + 1

        async def park(error: Exception) -> bool:
            why = behind(error)
            for told in (True, False):
                try:
                    return await do(1, why, told=told)
                except (Retryable, Fatal):
                    raise
                except Exception as worse:
                    log.error("record not parked", extra={"topic": run.topic}, exc_info=worse)
            raise Outage("a record can't even be parked")

        await self._piecemeal.work_off((run.topic, run.partition), len(rest), do, park)
        return reached

    async def due_lanes(self, lanes: Collection[int]) -> Collection[int]:
        with self.store.retryable():
            return await self.store.due_lanes(lanes, self.clock.now())

    async def fire_timers(self, lane: int) -> None:
        """Fire everything in the lane that is due. What can't be fired is postponed."""

        async def fire(count: int) -> bool:
            with self.store.retryable():
                return await fire_due(self.engine, self.store, self.clock, self.metrics, lane, count)

        async def later(error: Exception) -> bool:
            with self.store.retryable():
                return await postpone(self.store, self.clock, self.metrics, lane, error)

        await self._piecemeal.work_off(("timers", lane), AT_ONCE, fire, later)

    async def _handle(self, run: Run, error: Exception | None = None, *, told: bool = True) -> int:
        """One transaction. With an error, what is read is parked for it; `told`: and somebody hears of it."""

        async def handled(tx: Transaction) -> tuple[int, list[Poison]]:
            with self.metrics.transaction_seconds.time():
                return await self._handle_in(tx, run, error, told=told)

        with self.store.retryable():
            position, poison = await transact(self.store, handled, Locks(lanes=frozenset([run.partition])))
        self._alarm_of_gaps(run.topic)
        tell(poison)
        return position

    async def _handle_in(
        self, tx: Transaction, run: Run, error: Exception | None, *, told: bool
    ) -> tuple[int, list[Poison]]:
        """The position after it, and what was parked."""
        position = await tx.locked_offset(run.topic, run.partition)
        if position is None:
            raise Outage(f"{run.topic}/{run.partition} has no position yet")
        if run.fetch_position > position:
            return position, []
        records = [record for record in run.records if record.offset >= position]
        if not records:
            return position, []
        poison = await self._arrive(tx, run, records, error, told=told)
        await tx.set_offset(run.topic, run.partition, records[-1].offset + 1)
        self.metrics.batch_size.observe(len(records))
        return records[-1].offset + 1, poison

    def _alarm_of_gaps(self, topic: str) -> None:
        gaps, self.arrivals.gaps = self.arrivals.gaps, 0
        if gaps:
            self.metrics.gaps.inc(gaps)
            log.warning("sequence numbers are missing", extra={"topic": topic, "count": gaps})

    async def _arrive(
        self, tx: Transaction, run: Run, records: Sequence[Record], error: Exception | None, *, told: bool
    ) -> list[Poison]:
        """Handle what can be handled, park what can't with all that follows it, and write both. What was parked."""
        records = await opened(self.store.seals, run.topic, records)
        arrivals = self.arrivals.read(run.topic, run.partition, records)
        if not arrivals:
            return []
        for arrival in arrivals if error else ():
            arrival.error = arrival.error or error
        now, began = self.clock.now(), epoch_nanoseconds()
        self.arrivals.spans = self.engine.spans
        sorted_ = await self._sort(tx, arrivals, now)
        result = await self._decide(tx, sorted_, now, told=told)
        unhandled = sorted_.admitted.difference(arrival.id for arrival in sorted_.handle)
        if unhandled:
            await tx.forget(list(unhandled))
        parked: list[Told] = []
        if rows := rows_of(sorted_.poison, sorted_.held, now):
            new = await tx.park(rows)
            told_of = [row for row in rows if row.record_id in new]
            result.writes.outbox.extend(letters_of(self.engine, told_of, now))
            parked = put_aside(self.engine, sorted_.poison, sorted_.held, new, now) if told else []
        result.writes.outbox.extend(results_of(self.engine, sorted_.handle, result, now, parked))
        await tx.write(result.writes)
        if self.engine.spans.on:
            tx.committed.append(lambda: self.engine.spans.tell(handlings(sorted_.handle, began)))
        tx.committed.append(lambda: self._count(sorted_.handle))
        return sorted_.poison

    async def _sort(self, tx: Transaction, arrivals: Sequence[Arrival], now: datetime) -> Sorted:
        """Drop repeated ids; hold back what stands behind something parked."""
        admission = await tx.admit([a.id for a in arrivals], [a.key for a in arrivals], now)
        sorted_ = Sorted(admitted=set(admission.fresh))
        new, parked = admission.fresh, set(admission.parked)
        for arrival in arrivals:
            known = arrival.key in admission.parked
            if arrival.id in admission.handled if known else arrival.id not in new:
                self.metrics.duplicates.inc()
                sorted_.repeated.add(arrival.id)
            elif arrival.key in parked:
                sorted_.held.append(arrival)
            elif arrival.error is not None:
                parked.add(arrival.key)
                sorted_.poison.append(Poison(arrival, arrival.error))
            else:
                sorted_.handle.append(arrival)
            new.discard(arrival.id)
        return sorted_

    async def _decide(self, tx: Transaction, sorted_: Sorted, now: datetime, *, told: bool) -> Result:
        """Decide without what can't be decided: nothing is written yet. Raises Entangled."""
        works = self._works(sorted_, now)
        for _ in range(PASSES):
            parkings = parking_works(self.engine.service, sorted_.poison, now) if told else []
            try:
                return await self.engine.carry_out(tx, [*works.values(), *parkings], now)
            except Poisoned as poisoned:
                names = {id(work): name for name, work in works.items()}
                bad = {names[id(work)]: error for work, error in poisoned.errors if id(work) in names}
                if not bad:
                    raise poisoned.error from poisoned
                sorted_.turn_out(bad)
                works = {arrival.id: works[arrival.id] for arrival in sorted_.handle}
        raise Entangled("each time something else can't be decided")

    def _works(self, sorted_: Sorted, now: datetime) -> dict[str, Work]:
        """What each arrival asks for; one whose reactions fail is turned out."""
        works: dict[str, Work] = {}
        bad: dict[str, Exception] = {}
        rules = self.engine.rules_at(now)
        for arrival in sorted_.handle:
            try:
                works[arrival.id] = self.arrivals.work(arrival, rules, now)
            except Exception as error:
                bad[arrival.id] = error
        if bad:
            sorted_.turn_out(bad)
        return {arrival.id: works[arrival.id] for arrival in sorted_.handle}

    def _count(self, handled: Sequence[Arrival]) -> None:
        """What was handled, and for how long the fact had waited that waited longest."""
        self.metrics.handled.inc(len(handled))
        recorded = [arrival.event.head.recorded_at for arrival in handled if arrival.event]
        if recorded:
            waited = self.clock.now() - min(recorded)
            self.metrics.latency_seconds.observe(max(0.0, waited.total_seconds()))
