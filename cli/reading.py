"""Reading topics as any integrator would: read_committed, from the first offset or from now."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

FETCH_MS = 200


class Message(NamedTuple):
    """One record, with its headers as text."""

    topic: str
    key: str | None
    value: bytes | None
    headers: Mapping[str, str]
    timestamp_ms: int


@asynccontextmanager
async def reader(bootstrap: str, *topics: str, beginning: bool) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group over all partitions of the topics."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        fetch_max_wait_ms=FETCH_MS,
    )
    await consumer.start()
    try:
        places = []
        for topic in topics:
            known = consumer.partitions_for_topic(topic) or await consumer._client._wait_on_metadata(topic)
            numbers = known if known else consumer.partitions_for_topic(topic)
            places += [TopicPartition(topic, number) for number in sorted(numbers or ())]
        consumer.assign(places)
        await (consumer.seek_to_beginning(*places) if beginning else consumer.seek_to_end(*places))
        yield consumer
    finally:
        await consumer.stop()


async def messages(consumer: AIOKafkaConsumer) -> AsyncIterator[list[Message]]:
    """What arrives, as it arrives; an empty list when nothing did for a moment."""
    while True:
        found = await consumer.getmany(timeout_ms=FETCH_MS)
        yield [message_of(record) for records in found.values() for record in records]


async def caught_up(consumer: AIOKafkaConsumer) -> bool:
    """Has everything that was there when asked been read?"""
    ends = await consumer.end_offsets(list(consumer.assignment()))
    positions = [await consumer.position(place) >= end for place, end in ends.items()]
    return all(positions)


def message_of(record: Any) -> Message:
    headers = {name: value.decode(errors="replace") for name, value in record.headers}
    key = record.key.decode(errors="replace") if record.key else None
    return Message(record.topic, key, record.value, headers, record.timestamp)
