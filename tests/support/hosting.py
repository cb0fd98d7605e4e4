"""Runs a host over a fake core on a real broker, and writes what it shall read."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from types import ModuleType

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from backbone.brokers import Brokers
from backbone.errors import Fatal
from backbone.log.hosts.membership import Membership
from backbone.log.lanes import Lanes
from backbone.telemetry import Metrics
from cli.stack.kafka import Kafka
from tests.support.fake_core import FakeCore


class Worker:
    """One host that serves a core until its block ends."""

    def __init__(self, host: ModuleType, kafka: Brokers, core: FakeCore, group: str) -> None:
        self.metrics = Metrics()
        self.lanes = Lanes(core, self.metrics)
        membership = Membership(kafka, group, session_timeout=6)
        self.task = asyncio.ensure_future(host.serve(membership, self.lanes, self.metrics, []))

    def lag(self) -> dict[str, float]:
        """By partition, as /metrics shows it."""
        return {
            sample.labels["partition"]: sample.value
            for family in self.metrics.lag.collect()
            for sample in family.samples
        }


@asynccontextmanager
async def working(host: ModuleType, kafka: Kafka, core: FakeCore, group: str) -> AsyncIterator[Worker]:
    worker = Worker(host, kafka.brokers, core, group)
    try:
        yield worker
    finally:
        worker.task.cancel()
        async with asyncio.timeout(10):
            with suppress(asyncio.CancelledError, Fatal):
                await worker.task


async def write(kafka: Kafka, topic: str, numbers: Iterable[int], partition: int = 0) -> None:
    """Plain records whose values are the numbers."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, linger_ms=5)
    await producer.start()
    for number in numbers:
        await producer.send(topic, str(number).encode(), partition=partition)
    await producer.stop()


async def write_in_transactions(
    kafka: Kafka, topic: str, numbers: Iterable[int], aborted: Callable[[int], bool] = lambda number: False
) -> None:
    """Each number in a transaction of its own. Those aborted leave only offsets that nobody reads."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topic)
    await producer.start()
    for number in numbers:
        await producer.begin_transaction()
        await producer.send(topic, str(number).encode(), partition=0)
        await (producer.abort_transaction() if aborted(number) else producer.commit_transaction())
    await producer.stop()


async def delete_before(kafka: Kafka, topic: str, offset: int) -> None:
    """What retention does, at once."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(offset)})
    await admin.close()


async def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def at_rest(lanes: Lanes, seconds: float = 40) -> None:
    """Until nothing waits and nothing is under way: soon after the last record was handled, not at once."""
    async with asyncio.timeout(seconds):
        while not (lanes.still({}) and await lanes.at_ends() and lanes.still({})):
            await asyncio.sleep(0.02)


def values(core: FakeCore) -> list[int]:
    """What was handled, in order."""
    return [int(value or b"") for *_, value in core.handled]
