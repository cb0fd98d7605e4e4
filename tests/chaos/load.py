"""What trials have in common: records are sent, everything settles, and the outputs are read for the ledger."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Sequence

import asyncpg
from aiokafka import AIOKafkaProducer

from tests.chaos.generator import Record
from tests.chaos.ledger import Output
from tests.support.local_system import LocalSystem, Worker, until
from tests.support.readers import read_all


async def send(system: LocalSystem, made: Sequence[Record]) -> None:
    """Every record, acknowledged; the producer waits through the broker's absence."""
    producer = AIOKafkaProducer(
        **system.kafka.brokers.arguments,
        enable_idempotence=True,
        request_timeout_ms=90_000,
        linger_ms=5,
    )
    await producer.start()
    for start in range(0, len(made), 50):
        sent = [
            await producer.send(
                "referral.events", record.value, record.entry.patient.encode(), headers=record.headers
            )
            for record in made[start : start + 50]
        ]
        await asyncio.gather(*sent)
        await asyncio.sleep(0.02)
    await producer.stop()


async def settled(system: LocalSystem, workers: Sequence[Worker]) -> None:
    """Until everything sent is handled or parked, and everything made is sent. Dead workers are started again."""

    async def is_settled() -> bool:
        for worker in workers:
            assert worker.process is not None
            if worker.process.poll() is not None:
                worker.start()
        try:
            return await lag(system) == 0 and await count(system, "outbox") == 0
        except (OSError, asyncpg.PostgresError):
            return False

    await until(is_settled, 240, lambda: "\n".join(worker.tail() for worker in workers))


async def lag(system: LocalSystem) -> int:
    """Records of `referral.events` that no position has passed yet."""
    ends = {}
    for record in await read_all(system.kafka.brokers, "referral.events"):
        ends[record.partition] = record.offset + 1
    connection = await asyncpg.connect(system.database("worklist"))
    rows = await connection.fetch(
        "SELECT partition, next_offset FROM consumer_offset WHERE topic = 'referral.events'"
    )
    await connection.close()
    positions = {row[0]: row[1] for row in rows}
    return sum(max(0, end - positions.get(partition, 0)) for partition, end in ends.items())


async def count(system: LocalSystem, table: str) -> int:
    connection = await asyncpg.connect(system.database("worklist"))
    try:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")
    finally:
        await connection.close()


async def outputs(system: LocalSystem) -> list[Output]:
    """What a read_committed reader finds of items."""
    found = []
    for record in await read_all(system.kafka.brokers, "worklist.events"):
        headers = {name: value.decode() for name, value in record.headers}
        if headers["ce_aggregatetype"] == "item":
            found.append(
                Output(
                    headers["ce_id"],
                    headers["ce_causationid"],
                    headers["ce_subject"],
                    int(headers["ce_sequence"]),
                    headers.get("ce_patientid"),
                    record.partition,
                    record.offset,
                )
            )
    return found


async def parked_rows(system: LocalSystem) -> list[tuple[str, str, str]]:
    """(key, id of the record, id of its fact), in the order of the topic."""
    connection = await asyncpg.connect(system.database("worklist"))
    rows = await connection.fetch(
        "SELECT key, record_id::text, headers FROM parked ORDER BY key, record_offset"
    )
    await connection.close()
    return [(row[0], row[1], b64decode(dict(json.loads(row[2]))["ce_id"]).decode()) for row in rows]


async def parked(system: LocalSystem) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, _, fact in await parked_rows(system):
        found.setdefault(key, []).append(fact)
    return found
