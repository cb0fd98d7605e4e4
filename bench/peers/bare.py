"""No framework: aiokafka and asyncpg, a batch for each partition of a fetch, four transactions at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from bench.job import INPUT, PARTITIONS, ItemAsked
from bench.peers.durable import Durable, Record
from bench.peers.places import Places, places
from bench.peers.publishing import publish

IN_FLIGHT = 4
AT_ONCE = 1_000


async def run(told: Places) -> None:
    """For ever."""
    pool = await asyncpg.create_pool(told.database_url, min_size=1, max_size=8)
    durable = Durable(pool, told.output)
    await durable.prepare()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=told.kafka, enable_auto_commit=False, isolation_level="read_committed"
    )
    await consumer.start()
    consumer.assign([TopicPartition(INPUT, partition) for partition in range(PARTITIONS)])
    for place in consumer.assignment():
        consumer.seek(place, await durable.position(place.partition))
    publishing = asyncio.create_task(publish(told.database_url, told.kafka, told.name))
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def handle(partition: int, messages: Sequence[Any]) -> None:
        async with gate:
            for start in range(0, len(messages), AT_ONCE):
                records = [record_of(message) for message in messages[start : start + AT_ONCE]]
                await durable.handle(partition, records)

    while not publishing.done():
        found = await consumer.getmany(timeout_ms=200, max_records=4 * AT_ONCE)
        await asyncio.gather(*(handle(place.partition, messages) for place, messages in found.items()))
    await publishing


def record_of(message: Any) -> Record:
    headers = {name: value.decode() for name, value in message.headers}
    return Record(message.offset, ItemAsked.model_validate_json(message.value), headers)


if __name__ == "__main__":
    asyncio.run(run(places()))
