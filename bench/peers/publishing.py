"""The outbox sent by hand: a thousand rows, one Kafka transaction, delete. What a peer needs beside its consumer."""

import asyncio
import json
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer

from backbone.ids import partition_of
from bench.job import PARTITIONS

AT_ONCE = 1_000
POLL_SECONDS = 0.2


async def publish(database_url: str, kafka: str, name: str) -> None:
    """For ever."""
    connection = await asyncpg.connect(database_url)
    wake = asyncio.Event()
    await connection.add_listener("outbox", lambda *_: wake.set())
    producer = AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=f"{name}-outbox", acks="all")
    await producer.start()
    while True:
        wake.clear()
        if not await send_some(connection, producer):
            try:
                await asyncio.wait_for(wake.wait(), POLL_SECONDS)
            except TimeoutError:
                continue


async def send_some(connection: asyncpg.Connection, producer: AIOKafkaProducer) -> int:
    """One batch. How many rows it had."""
    rows = await connection.fetch(
        "SELECT id, topic, key, value, headers FROM outbox ORDER BY id LIMIT $1", AT_ONCE
    )
    if not rows:
        return 0
    async with producer.transaction():
        builders: dict[tuple[str, int], Any] = {}
        pending = []
        for _, topic, key, value, headers in rows:
            place = (topic, partition_of(key, PARTITIONS))
            pairs = [(name, text.encode()) for name, text in json.loads(headers).items()]
            record = {"key": key.encode(), "value": value, "timestamp": None, "headers": pairs}
            builder = builders.get(place) or builders.setdefault(place, producer.create_batch())
            if builder.append(**record) is None:
                pending.append(await producer.send_batch(builder, place[0], partition=place[1]))
                builders[place] = producer.create_batch()
                builders[place].append(**record)
        for (topic, partition), builder in builders.items():
            pending.append(await producer.send_batch(builder, topic, partition=partition))
        await asyncio.gather(*pending)
    await connection.execute("DELETE FROM outbox WHERE id = ANY($1)", [row[0] for row in rows])
    return len(rows)
