"""Latency from produce to readable result, one by one and at 200 a second, and the memory of that."""

import asyncio

import psutil
from aiokafka import AIOKafkaProducer

from backbone.clock import monotonic
from backbone.ids import partition_of
from bench.figures import percentile
from bench.ground import BARE, HUDDLE, PLAIN, Ground
from bench.job import INPUT, PARTITIONS, asked
from bench.outputs import Outputs, outputs

SINGLES = 200
A_SECOND = 200
SECONDS = 15
WARM = 200


class Sender:
    """Sends events of the input and knows when."""

    def __init__(self, ground: Ground, producer: AIOKafkaProducer) -> None:
        self._ground = ground
        self._producer = producer
        self.sent: dict[str, float] = {}

    async def send(self) -> None:
        [(key, value, headers)] = asked(self._ground.produced, 1)
        self._ground.produced += 1
        self.sent[dict(headers)["ce_id"].decode()] = monotonic()
        await self._producer.send(INPUT, value, key.encode(), partition_of(key, PARTITIONS), headers=headers)


async def collect(results: Outputs, sent: dict[str, float], seen: list[float]) -> None:
    """Seconds of each result that became readable now."""
    found = await results.next()
    now = monotonic()
    for record in found:
        cause = dict(record.headers)["ce_causationid"].decode()
        if cause in sent:
            seen.append(now - sent[cause])


async def latency(ground: Ground) -> list[str]:
    """Lines of a table, in milliseconds."""
    lines = [
        "| contender | single p50 | single p99 | 200/s p50 | 200/s p99 | memory at 200/s |",
        "|---|---|---|---|---|---|",
    ]
    for contender in (HUDDLE, PLAIN, BARE):
        lines.append(f"| {contender} | {await measured(ground, contender)} |")
        print(" ", lines[-1], flush=True)
    return [*lines, "", "Goals: 15, 35, 30 and 100 ms, 200 MB."]


async def measured(ground: Ground, contender: str) -> str:
    run = await ground.new_run(contender)
    producer = AIOKafkaProducer(bootstrap_servers=ground.kafka.bootstrap)
    await producer.start()
    sender = Sender(ground, producer)
    async with outputs(ground, run) as results:
        process = psutil.Process(ground.start(run).pid)
        await singles(ground, sender, results, WARM)
        alone = await singles(ground, sender, results, SINGLES)
        steady, memory = await at_a_rate(ground, sender, results, process)
    await producer.stop()
    await ground.finish(run)
    times = [percentile(values, share) * 1000 for values in (alone, steady) for share in (0.5, 0.99)]
    return " | ".join(f"{time:.1f}" for time in times) + f" | {memory / 1e6:.0f} MB"


async def singles(ground: Ground, sender: Sender, results: Outputs, count: int) -> list[float]:
    """One event after another, each when the one before is readable."""
    await results.until(ground.produced)
    seen: list[float] = []
    for _ in range(count):
        await sender.send()
        while results.count < ground.produced:
            await collect(results, sender.sent, seen)
    return seen


async def at_a_rate(
    ground: Ground, sender: Sender, results: Outputs, process: psutil.Process
) -> tuple[list[float], int]:
    """An even stream; the seconds of each result, and the resident bytes at the end."""
    seen: list[float] = []

    async def stream() -> None:
        began = monotonic()
        for number in range(A_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, began + number / A_SECOND - monotonic()))
            await sender.send()

    streaming = asyncio.create_task(stream())
    while not streaming.done() or results.count < ground.produced:
        await collect(results, sender.sent, seen)
    await streaming
    return seen, process.memory_info().rss
