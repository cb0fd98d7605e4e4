"""The reference host: aiokafka and nothing else, over the same core. For tests and benchmarks."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from aiokafka import AIOKafkaConsumer
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import (
    CommitFailedError,
    KafkaConnectionError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)
from aiokafka.structs import TopicPartition

from backbone.errors import Fatal
from backbone.hosts.bounds import Bounds
from backbone.hosts.chain import Chain, offset_lost
from backbone.hosts.membership import Membership, Task, run_beside
from backbone.lanes import Lanes
from backbone.records import Core
from backbone.telemetry import Metrics

FETCH_MS = 200
COMMIT_SECONDS = 1.0


class PlainHost(ConsumerRebalanceListener):  # type: ignore[misc]
    """One consumer in the event loop of everything else, so that seek and expectation change together."""

    def __init__(self, membership: Membership, core: Core, lanes: Lanes, metrics: Metrics) -> None:
        self._core = core
        self._lanes = lanes
        self._metrics = metrics
        self._bounds = Bounds(membership.kafka)
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=membership.kafka,
            group_id=membership.group,
            group_instance_id=membership.instance,
            session_timeout_ms=membership.session_timeout * 1000,
            heartbeat_interval_ms=1000,
            rebalance_timeout_ms=membership.session_timeout * 1000,
            max_poll_interval_ms=1_000_000,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            partition_assignment_strategy=(RangePartitionAssignor,),
            fetch_max_wait_ms=FETCH_MS,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        self._chain = Chain(self._consumer)

    async def run(self) -> None:
        """Fetch and offer, until cancelled."""
        try:
            await self._consumer.start()
        except KafkaConnectionError as error:
            raise Fatal(f"No Kafka broker answers: {error}. Start it, or correct HUDDLE_KAFKA.") from None
        self._consumer.subscribe(topics=sorted(self._core.topics), listener=self)
        committing = asyncio.create_task(self._commit_for_lag_tools())
        try:
            while True:
                await self._lanes.room()
                await self._fetch()
        finally:
            committing.cancel()
            await self._lanes.close()
            await self._bounds.close()
            await self._consumer.stop()

    async def _fetch(self) -> None:
        try:
            found = await self._consumer.getmany(timeout_ms=FETCH_MS, max_records=1000)
        except NoOffsetForPartitionError:
            await asyncio.sleep(0.01)
            return
        except OffsetOutOfRangeError as error:
            if lost := offset_lost(self._chain, error):
                raise lost from None
            return
        for place, messages in found.items():
            if run := self._chain.run(place.topic, place.partition, messages):
                self._lanes.offer(run)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._lanes.assign((place.topic, place.partition) for place in assigned)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        await self._lanes.revoke([(place.topic, place.partition) for place in revoked])

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        return await self._bounds.of(topic, partition)

    async def ends(self, places: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], int]:
        return await self._bounds.ends(places)

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        self._chain.seek(topic, partition, offset)

    async def _commit_for_lag_tools(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            durable = {TopicPartition(*place): offset for place, offset in self._lanes.durable.items()}
            mine = {
                place: offset for place, offset in durable.items() if place in self._consumer.assignment()
            }
            with suppress(CommitFailedError, KafkaError):
                await self._consumer.commit(mine)


async def serve(membership: Membership, lanes: Lanes, metrics: Metrics, tasks: Sequence[Task]) -> None:
    """Run the lanes and the tasks until cancelled. Raises Fatal when the process can't go on."""
    lanes.host = host = PlainHost(membership, lanes.core, lanes, metrics)
    await run_beside(host.run, lanes, tasks)
