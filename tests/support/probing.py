"""What the broker lets somebody do, asked by doing it: with requests that no client of ours would send."""

from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.commit import OffsetCommitRequest
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.protocol.transaction import InitProducerIdRequest
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from backbone.brokers import Brokers

DENIED = {29: "topic", 30: "group", 53: "transactional_id"}
"""Kafka's errors of who has no right."""
BYTES = 65_536


async def allowed(
    brokers: Brokers, topics: Collection[str], groups: Collection[str], transactions: Collection[str]
) -> set[tuple[str, str, str]]:
    """(operation, kind, name) of what is not refused."""
    async with connected(brokers) as client:
        node = client.get_random_node()
        fetched = await client.send(
            node, FetchRequest(100, 0, 10 * BYTES, 0, [(topic, [(0, 0, BYTES)]) for topic in topics])
        )
        written = await client.send(
            node, ProduceRequest(None, 1, 10_000, [(topic, [(0, a_record())]) for topic in topics])
        )
        found = {("read", "topic", name) for name in free(fetched.topics)}
        found |= {("write", "topic", name) for name in free(written.topics)}
        for group in groups:
            nothing = [("no such topic", [(0, 0, "")])]
            answer = await client.send(node, OffsetCommitRequest(group, -1, "", -1, nothing))
            if answer.topics[0][1][0][1] not in DENIED or DENIED[answer.topics[0][1][0][1]] == "topic":
                found.add(("read", "group", group))
        for name in transactions:
            answer = await client.send(node, InitProducerIdRequest(name, 10_000))
            if answer.error_code not in DENIED:
                found.add(("write", "transactional_id", name))
        return found


def free(topics: Iterable[Any]) -> set[str]:
    return {name for name, [(_, code, *_)] in topics if code not in DENIED}


def a_record() -> bytes:
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=BYTES,
    )
    builder.append(0, timestamp=0, key=b"a probe", value=b"a probe", headers=[])
    return bytes(builder.build())


@asynccontextmanager
async def connected(brokers: Brokers) -> AsyncIterator[AIOKafkaClient]:
    client = AIOKafkaClient(**brokers.arguments)
    try:
        await client.bootstrap()
        yield client
    finally:
        await client.close()
