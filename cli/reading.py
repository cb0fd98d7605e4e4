"""Reading topics as any integrator would: read_committed, from the first offset or from now."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer

from backbone.brokers import Brokers

FETCH_MS = 200


class Message(NamedTuple):
    """One record, with its headers as text."""

    topic: str
    key: str | None
    value: bytes | None
    headers: Mapping[str, str]
    timestamp_ms: int


@asynccontextmanager
async def reader(brokers: Brokers, *topics: str, beginning: bool) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group over all partitions of the topics."""
    consumer = AIOKafkaConsumer(
        *topics,
        **brokers.arguments,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest" if beginning else "latest",
        fetch_max_wait_ms=FETCH_MS,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def messages(consumer: AIOKafkaConsumer) -> AsyncIterator[list[Message]]:
    """What arrives, as it arrives; an empty list when nothing did for a moment."""
    while True:
        found = await consumer.getmany(timeout_ms=FETCH_MS)
        yield [message_of(record) for records in found.values() for record in records]


def message_of(record: Any) -> Message:
    headers = {name: value.decode(errors="replace") for name, value in record.headers}
    key = record.key.decode(errors="replace") if record.key else None
    return Message(record.topic, key, record.value, headers, record.timestamp)
