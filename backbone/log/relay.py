"""Outbox → Kafka: each row once for a read_committed reader, in order per key, whoever dies when.

A batch of rows is stamped with a number in the database, sent in one Kafka transaction that also commits the number
(as the offset of the relay's own group), and deleted. A number that Kafka knows was sent: its rows are deleted unsent.
No cursor is kept, so no row can be skipped. After any error everything begins again, with a new producer.

What Kafka refuses for good is found by sending row by row, and set aside (`undeliverable.py`).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, NamedTuple, NoReturn

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from backbone.brokers import Brokers
from backbone.clock import Clock, epoch_milliseconds, epoch_nanoseconds, monotonic
from backbone.engine.engine import Engine
from backbone.errors import OlderThanTold, Retryable
from backbone.ids import partition_of, random_id
from backbone.log.pinned import check_versions
from backbone.log.transactions import committed_offset, partition_counts, started, transaction
from backbone.log.undeliverable import REFUSALS, Record, Refused, of_its_key, records_of, set_aside
from backbone.model.service import Service
from backbone.model.wire import TRACE
from backbone.store.outbox import Outbox, Unsent
from backbone.store.postgres import TRANSIENT
from backbone.telemetry import Metrics, ThrottledLog
from backbone.tracing import Span, kept, then

AT_ONCE = 1_000
HELD_SECONDS = 5.0
POLL_SECONDS = 0.2
"""Looked at besides NOTIFY: a lost connection must not mean a lost wake-up."""
FIRST_PATIENCE_SECONDS = 30.0
"""With Kafka, until it lets a relay lead; twice as long after each time in vain."""
PATIENCE_SECONDS = 600


Sent = tuple[str, int, str]
"""Topic, partition, type of the record; empty where a record has none."""


class Request(NamedTuple):
    """Records that go together, and the answer to them."""

    records: Sequence[Record]
    answer: "asyncio.Future[Any]"


def relay_name(service: str, shard: int = 0) -> str:
    """Of a shard's transactions and of its group, which keeps the number of the last batch that Kafka has."""
    return f"{service}-relay-{shard}"


def check_told(service: Service, sent: int, last: int | None) -> None:
    """Raises OlderThanTold where Kafka has a batch with a higher number than this database ever gave."""
    if last is not None and sent > last:
        raise OlderThanTold(
            f"Kafka has batch {sent} of {service.name}, and this database gave number {last} last: it is from before "
            "it told what others know. Nothing is decided until it is read back which numbers are taken: "
            f"huddle reconcile --service {service.name} (docs/runbook.md)."
        )


async def check_told_at_start(service: Service, kafka: Brokers, pool: Any) -> None:
    """Before anything is decided; each relay asks again when it begins to lead. A database that knows nothing gave no
    number yet. Raises OlderThanTold."""
    last = {row[0]: row[1] for row in await pool.fetch("SELECT shard, batch FROM relay_batch")}
    if not last and await pool.fetchval("SELECT NOT EXISTS (SELECT FROM journal)"):
        last = {0: 0}
    for shard, batch in last.items():
        with suppress(KafkaError):
            marker = TopicPartition(service.events_topic, shard)
            check_told(service, await committed_offset(kafka, relay_name(service.name, shard), marker), batch)


def heard(answer: "asyncio.Future[Any]") -> None:
    """asyncio complains of an error that nobody asked for, because another one came first."""
    if not answer.cancelled():
        answer.exception()


def sendings(service: str, rows: Sequence[Unsent], began: int) -> Iterator[Span]:
    """A span of each row that says what caused it. Who reads the record is no child of this, but of the decision."""
    ended = epoch_nanoseconds()
    for row in rows:
        trace = msgspec.json.decode(row.headers).get(TRACE)
        if kept(trace):
            own = then(trace, f"{row.id} sent by {service}")
            said = {"messaging.system": "kafka", "messaging.destination.name": row.topic}
            yield Span(f"send {row.topic}", "producer", own, trace, began, ended, said)


class Relay:
    """Sends one shard of one service's outbox while it holds the shard's lock."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        database_url: str,
        kafka: Brokers,
        metrics: Metrics,
        shard: int = 0,
        done: Callable[[], None] = lambda: None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """`done` is told when a batch is gone. `patience`: the seconds that Kafka may take at most to let it lead."""
        self.shard = shard
        self.metrics = metrics
        self.stands_by = False
        """Another process leads."""
        self._engine = engine
        self._clock = clock
        self._database_url = database_url
        self._kafka = kafka
        self._name = relay_name(engine.service.name, shard)
        self._marker = TopicPartition(engine.service.events_topic, shard)
        self._batch = 0
        self._apart = False
        """A batch was refused: each row goes in a request of its own, until a batch is sent."""
        self._refused: Counter[int] = Counter()
        self._log = ThrottledLog()
        self._done = done
        self._longest = patience
        self._patience = min(FIRST_PATIENCE_SECONDS, patience)
        self._idle_since: float | None = None
        metrics.relay_waits.set_function(self.waits)
        self.term: str | None = None
        """Named anew whenever this has become the leader."""
        self.sent: dict[Sent, int] = {}
        """The offset behind the last record of each kind that was sent in this term."""
        self.open = asyncio.Event()
        self.open.set()
        """While it is clear rows wait for more, though not for long. For whoever moves the simulated clock."""

    def waits(self) -> float:
        """Seconds since which it has neither led nor stood by."""
        return 0.0 if self._idle_since is None else monotonic() - self._idle_since

    async def run(self) -> None:
        """For ever: become the leader, send, begin again after any error of the infrastructure."""
        check_versions("aiokafka")
        while True:
            try:
                async with AsyncExitStack() as stack:
                    await self._lead(stack)
            except (KafkaError, Retryable, *TRANSIENT) as error:
                self.metrics.relay_began_again.labels(error=type(error).__name__).inc()
                said = str(error) if isinstance(error, Retryable) else type(error).__name__
                self._log.warning("relay begins again", error=said)
                await asyncio.sleep(POLL_SECONDS)

    async def _lead(self, stack: AsyncExitStack) -> None:
        self.term = None
        self._idle_since = self._idle_since or monotonic()
        outbox = await stack.enter_async_context(
            Outbox.connected(self._database_url, self.shard, self._engine.kinds)
        )
        while not await outbox.take_the_lead(self._name):
            self.stands_by, self._idle_since = True, None
            await asyncio.sleep(5 * POLL_SECONDS)
        self.stands_by, self._idle_since = False, self._idle_since or monotonic()
        producer, sent = await outbox.awake_during(self._let_lead(stack))
        last = await outbox.last_batch()
        check_told(self._engine.service, sent, last)
        await outbox.forget_sent(sent)
        self._batch = max(sent, last or 0)
        self.term, self.sent = random_id(), {}
        self._idle_since, self._patience = None, min(FIRST_PATIENCE_SECONDS, self._longest)
        self._done()
        wake = asyncio.Event()
        await outbox.on_commit(wake.set)
        while True:
            if not self.open.is_set():
                await asyncio.wait([opened := asyncio.ensure_future(self.open.wait())], timeout=HELD_SECONDS)
                opened.cancel()
            wake.clear()
            if not await self._send_some(outbox, producer):
                try:
                    await asyncio.wait_for(wake.wait(), POLL_SECONDS)
                except TimeoutError:
                    continue

    async def _let_lead(self, stack: AsyncExitStack) -> tuple[AIOKafkaProducer, int]:
        """A producer that fences who led before, and the number of the last batch that Kafka has. Raises Retryable
        where that takes too long: somebody else may be nearer to Kafka. The next time it may take twice as long."""
        patience = self._patience
        try:
            async with asyncio.timeout(patience):
                producer = await stack.enter_async_context(started(self._kafka, self._name))
                return producer, await committed_offset(self._kafka, self._name, self._marker)
        except TimeoutError as error:
            self._patience = min(2 * patience, self._longest)
            raise Retryable(
                f"Kafka did not let it lead within {patience:.0f} s; it is given {self._patience:.0f} s now "
                f"(HUDDLE_LEAD_PATIENCE is {self._longest:.0f} s)"
            ) from error

    async def _send_some(self, outbox: Outbox, producer: AIOKafkaProducer) -> int:
        """One batch, from stamp to delete. How many rows it had. Raises Refused when rows of it are set aside."""
        began = epoch_nanoseconds()
        rows = await outbox.stamp(self._batch + 1, AT_ONCE)
        if not rows:
            return 0
        self._batch += 1
        try:
            partitions = await partition_counts(producer, {row.topic for row in rows}, self._marker.topic)
            records = records_of(rows, partitions)
            async with transaction(producer):
                sent = await self._send(producer, records, partitions)
                await producer.send_offsets_to_transaction(
                    {self._marker: OffsetAndMetadata(self._batch, "")}, self._name
                )
        except Refused as refused:
            await set_aside(self._engine, self._clock, outbox, refused.refusals)
            self.metrics.set_aside.inc(len(refused.refusals))
            raise
        self.sent |= sent
        await outbox.delete(self._batch, rows)
        self._done()
        self._apart = False
        self._refused.clear()
        self.metrics.sent.inc(len(rows))
        if self._engine.spans.on:
            self._engine.spans.tell(sendings(self._engine.service.name, rows, began))
        return len(rows)

    async def _send(
        self, producer: AIOKafkaProducer, records: Iterable[Record], partitions: Mapping[str, int]
    ) -> Mapping[Sent, int]:
        """All records, a request for each partition where they fit. Where they end. Raises Refused."""
        places: dict[tuple[str, int], list[Record]] = {}
        for record in records:
            row = record.row
            places.setdefault((row.topic, partition_of(row.key, partitions[row.topic])), []).append(record)
        requests = [
            request
            for place, group in places.items()
            for request in await self._send_group(producer, place, group)
        ]
        answers: list[Any] = await asyncio.gather(
            *(request.answer for request in requests), return_exceptions=True
        )
        failed = [
            ([record.row for record in request.records], answer)
            for request, answer in zip(requests, answers, strict=True)
            if isinstance(answer, BaseException)
        ]
        if failed:
            self._judge(failed)
        return {
            (at.topic, at.partition, record.type): at.offset + count
            for request, at in zip(requests, answers, strict=True)
            for count, record in enumerate(request.records, 1)
        }

    async def _send_group(
        self, producer: AIOKafkaProducer, place: tuple[str, int], records: Sequence[Record]
    ) -> list[Request]:
        topic, partition = place
        requests = []
        builder, together = producer.create_batch(), list[Record]()
        now = epoch_milliseconds()

        async def send() -> None:
            answer = await producer.send_batch(builder, topic, partition=partition)
            answer.add_done_callback(heard)
            requests.append(Request(together, answer))

        for record in records:
            full = together and self._apart
            if full or builder.append(timestamp=now, **record.fields) is None:
                await send()
                builder, together = producer.create_batch(), list[Record]()
                builder.append(timestamp=now, **record.fields)
            together.append(record)
        await send()
        return requests

    def _judge(self, failed: Sequence[tuple[Sequence[Unsent], BaseException]]) -> NoReturn:
        """Raises Refused where the broker refused a record and not the whole; else the first error."""
        refused = [(rows, REFUSALS[type(error)]) for rows, error in failed if type(error) in REFUSALS]
        if not refused:
            raise failed[0][1]
        self._apart = True
        alone = [(rows[0], verdict) for rows, verdict in refused if len(rows) == 1]
        self._refused.update(row.id for row, _ in alone)
        raise Refused(
            [of_its_key(row, reason) for row, (reason, tries) in alone if self._refused[row.id] >= tries]
        )
