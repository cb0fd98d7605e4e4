"""A reader of its own: what an integrator can read of a run's results, and when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import psutil
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from backbone.clock import monotonic
from bench.ground import Ground, Run
from bench.job import PARTITIONS


class Rate(NamedTuple):
    """Results a second, and results for each second of the contender's own CPU time, which noise moves less."""

    a_second: float
    a_cpu_second: float


def cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


class Outputs:
    """Counts a run's results as a read_committed consumer sees them."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self.count = 0

    async def next(self) -> list[Any]:
        """What has become readable; empty after a moment without anything."""
        found = await self._consumer.getmany(timeout_ms=50)
        records = [record for records in found.values() for record in records]
        self.count += len(records)
        return records

    async def until(self, count: int, seconds: float = 120) -> None:
        """Raises TimeoutError when `count` results are not readable in time."""
        async with asyncio.timeout(seconds):
            while self.count < count:
                await self.next()

    async def rate(self, count: int, process: psutil.Process) -> Rate:
        """From the first result that is readable to the `count`-th."""
        await self.until(1)
        began, already, used = monotonic(), self.count, cpu_seconds(process)
        await self.until(count)
        made = self.count - already
        return Rate(made / (monotonic() - began), made / (cpu_seconds(process) - used))


@asynccontextmanager
async def outputs(ground: Ground, run: Run) -> AsyncIterator[Outputs]:
    """From the first result on."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=ground.kafka.bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        consumer.assign([TopicPartition(run.output, partition) for partition in range(PARTITIONS)])
        yield Outputs(consumer)
    finally:
        await consumer.stop()
