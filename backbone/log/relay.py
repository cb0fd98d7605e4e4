"""Outbox → Kafka: each row once for a read_committed reader, in order per key, whoever dies when.

A batch of rows is stamped with a number in the database, sent in one Kafka transaction that also commits the number
(as the offset of the relay's own group), and deleted. A number that Kafka knows was sent: its rows are deleted unsent.
No cursor is kept, so no row can be skipped. After any error everything begins again, with a new producer.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from backbone.clock import epoch_milliseconds
from backbone.errors import Retryable
from backbone.ids import partition_of
from backbone.log.pinned import check_versions
from backbone.log.transactions import committed_offset, started, transaction
from backbone.store.outbox import Outbox, Unsent
from backbone.store.postgres import TRANSIENT
from backbone.telemetry import Metrics, Seldom

AT_ONCE = 1_000
POLL_SECONDS = 0.2
"""Looked at besides NOTIFY: a lost connection must not mean a lost wake-up."""


class Relay:
    """Sends one shard of one service's outbox while it holds the shard's lock."""

    def __init__(self, service: str, database_url: str, kafka: str, metrics: Metrics, shard: int = 0) -> None:
        self.service = service
        self.shard = shard
        self.metrics = metrics
        self._database_url = database_url
        self._kafka = kafka
        self._name = f"{service}-relay-{shard}"
        self._marker = TopicPartition(f"{service}.events", shard)
        self._batch = 0
        self._seldom = Seldom()

    async def run(self) -> None:
        """For ever: become the leader, send, begin again after any error of the infrastructure."""
        check_versions("aiokafka")
        while True:
            try:
                async with AsyncExitStack() as stack:
                    await self._lead(stack)
            except (KafkaError, Retryable, *TRANSIENT) as error:
                said = str(error) if isinstance(error, Retryable) else type(error).__name__
                self._seldom.warning("relay begins again", error=said)
                await asyncio.sleep(POLL_SECONDS)

    async def _lead(self, stack: AsyncExitStack) -> None:
        outbox = await Outbox.connect(self._database_url, self.shard)
        stack.push_async_callback(outbox.close)
        while not await outbox.take_the_lead(self._name):
            await asyncio.sleep(5 * POLL_SECONDS)
        producer = await stack.enter_async_context(started(self._kafka, self._name))
        self._batch = await committed_offset(self._kafka, self._name, self._marker)
        await outbox.forget_sent(self._batch)
        wake = asyncio.Event()
        await outbox.on_commit(wake.set)
        while True:
            wake.clear()
            if not await self._send_some(outbox, producer):
                try:
                    await asyncio.wait_for(wake.wait(), POLL_SECONDS)
                except TimeoutError:
                    continue

    async def _send_some(self, outbox: Outbox, producer: AIOKafkaProducer) -> int:
        """One batch, from stamp to delete. How many rows it had."""
        rows = await outbox.stamp(self._batch + 1, AT_ONCE)
        if not rows:
            return 0
        self._batch += 1
        async with transaction(producer):
            await self._send(producer, rows)
            await producer.send_offsets_to_transaction(
                {self._marker: OffsetAndMetadata(self._batch, "")}, self._name
            )
        await outbox.delete(self._batch, rows)
        self.metrics.sent.inc(len(rows))
        return len(rows)

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[Unsent]) -> None:
        """All rows, a batch for each partition, acknowledged."""
        places: dict[tuple[str, int], list[Unsent]] = {}
        for row in rows:
            count = len(await producer.partitions_for(row.topic))
            places.setdefault((row.topic, partition_of(row.key, count)), []).append(row)
        pending = [
            future
            for place, group in places.items()
            for future in await self._send_group(producer, place, group)
        ]
        await asyncio.gather(*pending)

    async def _send_group(
        self, producer: AIOKafkaProducer, place: tuple[str, int], rows: Sequence[Unsent]
    ) -> list[Any]:
        topic, partition = place
        futures = []
        builder = producer.create_batch()
        now = epoch_milliseconds()
        for row in rows:
            headers = [(name, text.encode()) for name, text in msgspec.json.decode(row.headers).items()]
            record = {"key": row.key.encode(), "value": row.value, "timestamp": now, "headers": headers}
            if builder.append(**record) is None:
                futures.append(await producer.send_batch(builder, topic, partition=partition))
                builder = producer.create_batch()
                builder.append(**record)
        futures.append(await producer.send_batch(builder, topic, partition=partition))
        return futures
