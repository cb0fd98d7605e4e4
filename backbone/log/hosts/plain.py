"""The reference host: aiokafka and nothing else, over the same core. For tests and benchmarks."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial

from aiokafka import AIOKafkaConsumer
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)
from aiokafka.structs import TopicPartition

from backbone.errors import Fatal
from backbone.log.hosts.bounds import Bounds
from backbone.log.hosts.chain import DENIALS, Chain, not_allowed, offset_lost
from backbone.log.hosts.membership import NEW_TOPICS_MS, Membership, Task, end_within, run_beside
from backbone.log.hosts.unpacking import install
from backbone.log.hosts.watch import keep_watch
from backbone.log.lanes import Lanes
from backbone.log.records import Core, Seen
from backbone.telemetry import Metrics

FETCH_MS = 200
STOP_SECONDS = 2.0


class PlainHost(ConsumerRebalanceListener):  # type: ignore[misc]
    """One consumer in the event loop of everything else, so that seek and expectation change together."""

    def __init__(self, membership: Membership, core: Core, lanes: Lanes) -> None:
        self._core = core
        self._lanes = lanes
        self._bounds = Bounds(membership.kafka)
        self._consumer = AIOKafkaConsumer(
            **membership.kafka.arguments,
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
            metadata_max_age_ms=NEW_TOPICS_MS,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        self._chain = Chain(self._consumer)

    async def run(self) -> None:
        """Fetch and offer, until cancelled. Each part is ended even if ending another one is interrupted."""
        async with AsyncExitStack() as endings:
            endings.push_async_callback(lambda: end_within(STOP_SECONDS, self._consumer.stop()))
            endings.push_async_callback(self._bounds.close)
            endings.push_async_callback(self._lanes.close)
            try:
                await self._consumer.start()
                self._consumer.subscribe(topics=sorted(self._core.topics), listener=self)
                while True:
                    await self._lanes.room()
                    await self._fetch()
            except KafkaConnectionError as error:
                raise Fatal(
                    f"No Kafka broker answers: {error}. Start it, or correct HUDDLE_KAFKA or how we are known to it "
                    "(HUDDLE_KAFKA_SECURITY and what goes with it)."
                ) from None
            except DENIALS as error:
                raise not_allowed(error) from None

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

    async def seen(self, topics: Collection[str]) -> Mapping[str, Seen]:
        return await self._bounds.seen(topics)

    async def at_end(self, places: Collection[tuple[str, int]]) -> bool:
        return self._chain.reached(await self._bounds.ends(places))

    def handed_out(self, topic: str, partition: int) -> int | None:
        return self._chain.handed_out(topic, partition)

    def left(self, topic: str, partition: int) -> int | None:
        return self._chain.left(topic, partition)

    def denied(self) -> KafkaError | None:
        return self._chain.denied()

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        self._chain.seek(topic, partition, offset)

    async def commit(self, offsets: Mapping[tuple[str, int], int]) -> bool:
        mine = {TopicPartition(*place): offset for place, offset in offsets.items()}
        try:
            await self._consumer.commit(
                {place: mine[place] for place in mine if place in self._consumer.assignment()}
            )
        except KafkaError:
            return False
        return True


async def serve(membership: Membership, lanes: Lanes, metrics: Metrics, tasks: Sequence[Task]) -> None:
    """Run the lanes and the tasks until cancelled. Raises Fatal when the process can't go on."""
    install()
    lanes.host = host = PlainHost(membership, lanes.core, lanes)
    await run_beside(host.run, lanes, [*tasks, partial(keep_watch, lanes, host, metrics)])
