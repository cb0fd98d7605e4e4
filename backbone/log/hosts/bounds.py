"""Asks the broker which topics there are, and where partitions begin and end, over a connection of its own.

A broker answers one request of a connection at a time: on the consumer's, the question would wait behind the fetch.
"""

import asyncio
from collections.abc import Collection, Mapping

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from backbone.brokers import Brokers
from backbone.errors import Retryable
from backbone.log.hosts.membership import end_within
from backbone.log.records import Seen
from backbone.log.topics import seen

STOP_SECONDS = 0.5

Place = tuple[str, int]


class Bounds:
    """Connects at the first question."""

    def __init__(self, kafka: Brokers) -> None:
        self._kafka = kafka
        self._consumer: AIOKafkaConsumer | None = None
        self._connecting = asyncio.Lock()
        self._closed = False

    async def of(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset that the log still has, and the one after its last. Raises Retryable."""
        place = TopicPartition(topic, partition)
        begin = await self._ask("beginning_offsets", [place])
        end = await self._ask("end_offsets", [place])
        return begin[place], end[place]

    async def ends(self, places: Collection[Place]) -> Mapping[Place, int]:
        """The offsets after the last committed records. Raises Retryable."""
        ends = await self._ask("end_offsets", [TopicPartition(*place) for place in places])
        return {(place.topic, place.partition): end for place, end in ends.items()}

    async def seen(self, topics: Collection[str]) -> Mapping[str, Seen]:
        """Of the topics, those that exist. Raises Retryable."""
        try:
            return await seen((await self._connected())._client, topics)
        except KafkaError as error:
            raise Retryable(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Whoever is connecting meanwhile, or asks afterwards, leaves no connection behind."""
        self._closed = True
        if self._consumer is not None:
            await end_within(STOP_SECONDS, self._consumer.stop())

    async def _ask(self, what: str, places: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        try:
            consumer = await self._connected()
            for topic in {place.topic for place in places}:
                await consumer._client._wait_on_metadata(topic)
            answer: Mapping[TopicPartition, int] = await getattr(consumer, what)(places)
        except KafkaError as error:
            raise Retryable(f"{type(error).__name__}: {error}") from error
        return answer

    async def _connected(self) -> AIOKafkaConsumer:
        async with self._connecting:
            if self._closed:
                raise Retryable("closing")
            if self._consumer is None:
                consumer = AIOKafkaConsumer(
                    **self._kafka.arguments, isolation_level="read_committed", enable_auto_commit=False
                )
                try:
                    await consumer.start()
                    if self._closed:
                        raise Retryable("closing")
                except BaseException:
                    await end_within(STOP_SECONDS, consumer.stop())
                    raise
                self._consumer = consumer
            return self._consumer
