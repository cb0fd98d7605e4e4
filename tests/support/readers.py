"""Reads topics as an integrator would: read_committed, from the first offset to the present end."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from backbone.brokers import Brokers


async def read_until(bootstrap: str, topic: str, count: int, seconds: float = 20) -> list[Any]:
    """As `read_all`, but at least `count` records: a commit is acknowledged a moment before readers see it."""
    async with asyncio.timeout(seconds):
        while len(records := await read_all(bootstrap, topic)) < count:
            await asyncio.sleep(0.02)
    return records


async def read_all(kafka: str | Brokers, topic: str) -> list[Any]:
    """Every committed record, partition by partition. `kafka`: its address, where nothing more is needed."""
    brokers = Brokers(kafka) if isinstance(kafka, str) else kafka
    consumer = AIOKafkaConsumer(
        **brokers.arguments,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        await consumer._client._wait_on_metadata(topic)
        partitions = [
            TopicPartition(topic, partition) for partition in sorted(consumer.partitions_for_topic(topic))
        ]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        records: list[Any] = []
        for partition in partitions:
            await consumer.seek_to_beginning(partition)
        while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
            for found in (await consumer.getmany(timeout_ms=200)).values():
                records.extend(found)
        return sorted(records, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()
