"""The clinic itself: facts a second through the real worklist, beside the sample service in the same round."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import islice

import asyncpg
import psutil
from aiokafka import AIOKafkaProducer

from backbone.clock import monotonic
from backbone.ids import partition_of
from bench.figures import median, spread
from bench.ground import HUDDLE, WORKLIST, Ground
from bench.job import PARTITIONS
from bench.outputs import Rate, cpu_seconds
from bench.way import STEPS, Told, ways
from cli.stack.topics import make_topics
from schemas.topics import QUEUES, queue_topic
from services.worklist.service import SERVICE

GOAL = 0.6
STEADY = 400
"""Patients whose facts are a short backlog; the long one has more."""
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 600
PROGRESS = "SELECT coalesce(sum(next_offset), 0)::bigint, EXISTS (SELECT FROM outbox) FROM consumer_offset"


async def worklist(ground: Ground, events: int, runs: int, patients: int) -> list[str]:
    """Lines of a table: the same process with a short and with a long backlog, each as a share of the sample's rate."""
    await prepare(ground)
    await ground.produce(max(0, events - ground.produced))
    lines = [
        "| backlog | worklist, facts/s | per second of its CPU time | sample, events/s | ratio within one round |",
        "|---|---|---|---|---|",
    ]
    made = 0
    for wanted in (STEADY, patients):
        await produce(ground, ways(made, wanted - made))
        made = wanted
        lines.append(await beside(ground, made * len(STEPS), runs, made))
        print(" ", lines[-1], flush=True)
    return [*lines, "", f"Goal: {GOAL:g}."]


async def beside(ground: Ground, facts: int, runs: int, patients: int) -> str:
    """A row; the two take turns."""
    real, sample = [], []
    for _ in range(runs):
        real.append(await drain(ground, WORKLIST, facts, "template_worklist"))
        sample.append(await drain(ground, HUDDLE, ground.produced, "template_bench"))
    ratios = [one.a_second / other.a_second for one, other in zip(real, sample, strict=True)]
    reached = "" if median(ratios) >= GOAL else ", not reached"
    cells = (
        f"{facts:,} facts of {patients:,} patients",
        spread([each.a_second for each in real]),
        spread([each.a_cpu_second for each in real]),
        spread([each.a_second for each in sample]),
        spread(ratios, 2) + reached,
    )
    return f"| {' | '.join(cells)} |"


async def prepare(ground: Ground) -> None:
    """What the worklist reads and writes."""
    topics = [*SERVICE.topics, *(queue_topic(queue) for queue in QUEUES)]
    await make_topics(ground.kafka.brokers, {topic: (PARTITIONS, {}) for topic in topics})
    assert SERVICE.migrations is not None
    await ground.new_template("template_worklist", SERVICE.migrations)


async def produce(ground: Ground, records: Iterator[Told]) -> None:
    """Acknowledged."""
    async with producing(ground) as producer:
        await send(producer, records)


@asynccontextmanager
async def producing(ground: Ground) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=ground.kafka.bootstrap, linger_ms=5)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def send(producer: AIOKafkaProducer, records: Iterator[Told]) -> None:
    """Until all are acknowledged."""
    while some := list(islice(records, 1_000)):
        sent = [
            await producer.send(
                each.topic,
                each.value,
                each.key.encode(),
                partition_of(each.key, PARTITIONS),
                headers=each.headers,
            )
            for each in some
        ]
        await asyncio.gather(*sent)


async def drain(ground: Ground, contender: str, expected: int, template: str) -> Rate:
    """From the first position that is durable to the last, with everything published that came of it."""
    run = await ground.new_run(contender, template)
    process = psutil.Process(ground.start(run).pid)
    connection = await asyncpg.connect(run.database_url)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            rate = await rate_of(connection, expected, process)
    finally:
        await connection.close()
    await ground.finish(run)
    return rate


async def rate_of(connection: asyncpg.Connection, expected: int, process: psutil.Process) -> Rate:
    already = 0
    while not already:
        await asyncio.sleep(POLL_SECONDS)
        already, _ = await connection.fetchrow(PROGRESS)
    began, used = monotonic(), cpu_seconds(process)
    handled, unsent = already, True
    while handled < expected or unsent:
        await asyncio.sleep(POLL_SECONDS)
        handled, unsent = await connection.fetchrow(PROGRESS)
    made = expected - already
    return Rate(made / (monotonic() - began), made / (cpu_seconds(process) - used))
