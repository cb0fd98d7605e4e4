"""The topics of a real broker go, come back empty, or are made anew: what a host sees of it, and a person's word."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from backbone.clock import WallClock
from backbone.engine.engine import Engine
from backbone.log.consumer import Consumer
from backbone.log.hosts import faust, plain, watch
from backbone.log.hosts.bounds import Bounds
from backbone.model import Service, on
from backbone.settings import Settings
from backbone.store.postgres import PostgresStore, open_pool
from backbone.telemetry import Metrics
from cli import positions
from cli.stack.kafka import Kafka
from cli.stack.topics import Wanted, make_topics
from schemas.referral.v1.referral import ReferralReceived
from tests.support.fake_core import FakeCore
from tests.support.hosting import until, values, working, write

PARTITIONS = 2


async def delete(kafka: Kafka, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.delete_topics([topic])
    while topic in await admin.list_topics():
        await asyncio.sleep(0.05)
    await admin.close()


async def test_a_topic_that_is_made_anew_under_its_name_has_another_id(kafka, unique):
    bounds, name = Bounds(kafka.brokers), f"{unique}.events"
    wanted: Wanted = {name: (PARTITIONS, {})}
    await make_topics(kafka.brokers, wanted)
    first = (await bounds.seen([name, "absent.events"]))[name]
    assert first.partitions == PARTITIONS
    assert await bounds.seen([name, "absent.events"]) == {name: first}, "asking makes no topic"
    await delete(kafka, name)
    assert await bounds.seen([name]) == {}
    await make_topics(kafka.brokers, wanted)
    assert (await bounds.seen([name]))[name].id != first.id
    await bounds.close()


@pytest.mark.parametrize("host", [plain, faust], ids=["plain", "faust"])
async def test_a_topic_that_comes_late_is_missed_and_then_read(host, kafka, unique, monkeypatch):
    monkeypatch.setattr(watch, "TOPICS_SECONDS", 0.2)
    name = f"{unique}.events"
    core = FakeCore(name)
    async with working(host, kafka, core, unique) as worker:
        await until(lambda: bool(worker.lanes.strange()))
        await make_topics(kafka.brokers, {name: (1, {})})
        await write(kafka, name, range(3))
        await until(lambda: values(core) == [0, 1, 2])
        await until(lambda: not worker.lanes.strange())


@pytest.fixture
async def consumer(kafka: Kafka, databases) -> AsyncIterator[tuple[Consumer, Settings, str]]:
    """Of a service that reads one topic, which nobody else uses."""
    service = Service("reader", aggregates=(), reactions=(on(ReferralReceived, lambda event, rules: ()),))
    url = await databases.new("reader")
    pool = await open_pool(url)
    engine = Engine(service, None, b"a secret", PARTITIONS)
    settings = Settings.model_construct(database_url=url, kafka=kafka.bootstrap)
    yield (
        Consumer(engine, PostgresStore(pool, engine.kinds), WallClock(), Metrics()),
        settings,
        next(iter(service.topics)),
    )
    await pool.close()


async def test_a_kafka_that_came_back_empty_is_read_again_after_a_persons_word(
    consumer, empty_kafka, monkeypatch
):
    """Positions are above the end of every log, and so would be whatever comes in up to there."""
    monkeypatch.setattr(watch, "TOPICS_SECONDS", 0.2)
    core, settings, topic = consumer
    settings.kafka = empty_kafka.bootstrap
    topics: Wanted = {name: (PARTITIONS, {}) for name in core.needs}
    await make_topics(empty_kafka.brokers, topics)
    await write(empty_kafka, topic, range(10))
    async with working(plain, empty_kafka, core, "first") as worker:
        await until(lambda: worker.lanes.durable.get((topic, 0)) == 10)
        await delete(empty_kafka, topic)
        await make_topics(empty_kafka.brokers, topics)
        await write(empty_kafka, topic, range(20))
        await until(lambda: len(worker.lanes.stopped) == PARTITIONS)
        [said] = worker.lanes.strange()
        assert said.startswith(f"kafka: {topic}/0: the topic was made anew")
        assert await stored(settings) == [10, 0], "nothing was jumped"
        wrong = [place for place in await positions.places(core.engine.service, settings) if place.why]
        assert [(place.partition, place.next_offset, place.end) for place in wrong] == [
            (0, 10, 20),
            (1, 0, 0),
        ]
        await positions.reset(settings, wrong)
        await until(lambda: worker.lanes.durable.get((topic, 0)) == 20)
        assert worker.lanes.strange() == []


async def stored(settings: Settings) -> list[int]:
    connection = await asyncpg.connect(str(settings.database_url))
    rows = await connection.fetch("SELECT next_offset FROM consumer_offset ORDER BY partition")
    await connection.close()
    return [row[0] for row in rows]
