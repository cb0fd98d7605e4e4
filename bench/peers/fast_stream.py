"""FastStream with a batch subscriber: it parses and validates, we write each partition's part in one transaction."""

import asyncio
from collections import defaultdict

import asyncpg
from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from bench.job import INPUT, ItemAsked
from bench.peers.durable import Durable, Record
from bench.peers.places import Places, places
from bench.peers.publishing import publish

AT_ONCE = 1_000


async def run(told: Places) -> None:
    """For ever."""
    pool = await asyncpg.create_pool(told.database_url, min_size=1, max_size=8)
    durable = Durable(pool, told.output)
    await durable.prepare()
    broker = KafkaBroker(told.kafka)

    @broker.subscriber(
        INPUT,
        group_id=told.name,
        batch=True,
        max_records=AT_ONCE,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
        isolation_level="read_committed",
    )
    async def follow(events: list[ItemAsked], message: KafkaMessage) -> None:
        partitions: dict[int, list[Record]] = defaultdict(list)
        for raw, event in zip(message.raw_message, events, strict=True):
            headers = {name: value.decode() for name, value in raw.headers}
            partitions[raw.partition].append(Record(raw.offset, event, headers))
        await asyncio.gather(
            *(durable.handle(partition, records) for partition, records in partitions.items())
        )

    publishing = asyncio.create_task(publish(told.database_url, told.kafka, told.name))
    await asyncio.gather(FastStream(broker).run(), publishing)


if __name__ == "__main__":
    asyncio.run(run(places()))
