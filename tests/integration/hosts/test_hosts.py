"""Both hosts on a real broker: positions are ours, nothing is lost or doubled, whatever comes between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest
from aiokafka import AIOKafkaProducer

from backbone.brokers import Brokers
from backbone.errors import Fatal, OffsetLost
from backbone.log.hosts import faust, plain
from backbone.log.hosts.membership import Membership
from backbone.log.lanes import Lanes
from backbone.telemetry import Metrics
from cli.stack.topics import make_topics
from tests.support.fake_core import FakeCore


@pytest.fixture(params=[plain, faust], ids=["plain", "faust"])
def host(request):
    return request.param


@pytest.fixture
async def topic(kafka, unique) -> str:
    name = f"{unique}.events"
    await make_topics(kafka.brokers, {name: (4, {})})
    return name


@asynccontextmanager
async def serving(host, kafka, core, group: str) -> AsyncIterator[asyncio.Task]:
    task = asyncio.create_task(
        host.serve(Membership(kafka.brokers, group, session_timeout=6), Lanes(core, Metrics()), Metrics(), [])
    )
    try:
        yield task
    finally:
        task.cancel()
        async with asyncio.timeout(10):
            with suppress(asyncio.CancelledError, Fatal):
                await task


async def produce(kafka, topic: str, first: int, last: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    for number in range(first, last + 1):
        await producer.send(topic, key=str(number % 17).encode(), value=str(number).encode())
    await producer.stop()


async def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def has_handled(core: FakeCore, many: int) -> bool:
    return len(core.handled) >= many


def exactly(core: FakeCore, last: int) -> bool:
    return sorted(int(value or b"") for *_, value in core.handled) == list(range(1, last + 1))


def assert_in_order(core: FakeCore) -> None:
    seen: dict[tuple[str, int], int] = {}
    for topic, partition, offset, _ in core.handled:
        assert offset > seen.get((topic, partition), -1)
        seen[topic, partition] = offset


async def test_every_record_is_handled_once_and_in_order(host, kafka, topic):
    core = FakeCore(topic)
    await produce(kafka, topic, 1, 500)
    async with serving(host, kafka, core, topic):
        await until(lambda: len(core.handled) >= 500)
        await produce(kafka, topic, 501, 900)
        await until(lambda: len(core.handled) >= 900)
    assert exactly(core, 900)
    assert_in_order(core)


async def test_a_new_process_goes_on_where_the_database_says(host, kafka, topic):
    core = FakeCore(topic)
    await produce(kafka, topic, 1, 300)
    async with serving(host, kafka, core, topic):
        await until(lambda: len(core.handled) >= 300)
    await produce(kafka, topic, 301, 400)
    async with serving(host, kafka, core, topic):
        await until(lambda: len(core.handled) >= 400)
    assert exactly(core, 400)


async def test_the_database_may_be_away_while_partitions_are_assigned(host, kafka, topic):
    core = FakeCore(topic)
    core.down = True
    await produce(kafka, topic, 1, 200)
    async with serving(host, kafka, core, topic):
        with suppress(TimeoutError):
            await until(lambda: bool(core.handled), 4)
        assert core.handled == []
        core.down = False
        await until(lambda: len(core.handled) >= 200)
    assert exactly(core, 200)


async def test_a_retryable_error_repeats_the_same_run(host, kafka, topic):
    core = FakeCore(topic)
    await produce(kafka, topic, 1, 200)
    async with serving(host, kafka, core, topic):
        await until(lambda: len(core.handled) >= 200)
        core.fail_next = 3
        await produce(kafka, topic, 201, 300)
        await until(lambda: len(core.handled) >= 300)
    assert exactly(core, 300)
    assert_in_order(core)


async def test_a_position_that_was_set_back_elsewhere_is_found_again(host, kafka, topic):
    """A fetch that is under way when the position moves must not look like a gap."""
    core = FakeCore(topic)
    await produce(kafka, topic, 1, 400)
    async with serving(host, kafka, core, topic):
        await until(lambda: len(core.handled) >= 400)
        core.positions = {place: offset // 2 for place, offset in core.positions.items()}
        before = sum(core.positions.values())
        core.handled.clear()
        await produce(kafka, topic, 401, 440)
        await until(lambda: sum(core.positions.values()) >= 440)
    assert len(core.handled) == 440 - before
    assert_in_order(core)


async def test_workers_join_and_leave_while_records_flow(host, kafka, topic):
    core = FakeCore(topic)
    core.slow = 0.005
    async with serving(host, kafka, core, topic):
        for round_ in range(5):
            async with serving(host, kafka, core, topic):
                await produce(kafka, topic, round_ * 300 + 1, round_ * 300 + 300)
                await until(partial(has_handled, core, round_ * 300 + 300))
    assert exactly(core, 1500)


async def test_a_fatal_error_ends_the_process(host, kafka, topic):
    core = FakeCore(topic)
    core.error = OffsetLost("retention deleted what was not handled")
    async with serving(host, kafka, core, topic) as task:
        with pytest.raises(OffsetLost):
            await asyncio.wait_for(asyncio.shield(task), 30)


async def test_a_missing_broker_ends_the_process_with_a_sentence(host, unique):
    membership = Membership(Brokers("127.0.0.1:1"), unique, session_timeout=6)
    with pytest.raises(Fatal, match="No Kafka broker answers"):
        await asyncio.wait_for(
            host.serve(membership, Lanes(FakeCore("x.events"), Metrics()), Metrics(), []), 60
        )
