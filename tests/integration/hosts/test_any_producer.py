"""Whatever a producer writes, in whatever codec, and whatever a disk does to it: both hosts go on. On a real broker."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType

import pytest
from aiokafka import AIOKafkaProducer

from backbone.clock import SimulatedClock
from backbone.engine.generic import kinds_of
from backbone.log.consumer import Consumer
from backbone.log.hosts import faust, plain
from backbone.log.hosts.bounds import Bounds
from backbone.log.hosts.membership import Membership
from backbone.log.lanes import Lanes
from backbone.log.records import Record, Run
from backbone.store.postgres import PostgresStore, open_pool
from backbone.telemetry import Metrics
from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.topics import make_topics
from config.loading import SHIPPED
from tests.support.any_bytes import SENT_MS, healthy
from tests.support.broken_batches import CODECS, flipped, no_text, of_no_codec, spoil_on_disk, write_spoiled
from tests.support.deciding import START
from tests.support.effects_suite import sample_system
from tests.support.fake_core import FakeCore
from tests.support.hosting import at_rest, until, values, write
from tests.support.memory_system import MemoryWorker
from tests.support.parking_suite import made
from tests.support.runtime_suite import OTHER
from tests.support.sample import SAMPLE
from tests.support.services import ALL
from tests.support.taking import TOPICS

EACH = 3
"""Records of each service on each of its topics, in each codec."""


@pytest.fixture(params=[plain, faust], ids=["plain", "faust"])
def host(request) -> ModuleType:
    return request.param


@asynccontextmanager
async def serving(
    host: ModuleType, kafka: Kafka, core: Consumer | FakeCore, group: str
) -> AsyncIterator[Lanes]:
    lanes = Lanes(core, Metrics())
    membership = Membership(kafka.brokers, group, session_timeout=6)
    task = asyncio.ensure_future(host.serve(membership, lanes, Metrics(), []))
    try:
        yield lanes
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=10)


async def send(kafka: Kafka, topic: str, records: Sequence[Record], codec: str = "none") -> None:
    """Into partition 0."""
    kind = None if codec == "none" else codec
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, compression_type=kind) as producer:
        sent = []
        for record in records:
            at = None if record.timestamp == SENT_MS else record.timestamp
            sent.append(
                await producer.send(topic, record.value, record.key, 0, at, list(record.headers) or None)
            )
        await asyncio.gather(*sent)


async def fill(kafka: Kafka) -> None:
    """Every topic that a service reads, with what each of them reads there, in every codec."""
    await make_topics(kafka.brokers, {topic: (1, {}) for _, topic in TOPICS})
    for service, topic in TOPICS:
        for codec in CODECS:
            await send(kafka, topic, [healthy(service, topic) for _ in range(EACH)], codec)


@pytest.fixture(scope="module")
def filled(playground: Path) -> Iterator[Kafka]:
    """A broker of this module alone: the topics bear the names that services know."""
    broker = Kafka(playground / "kafka-codecs", cache())
    broker.start()
    asyncio.run(fill(broker))
    yield broker
    broker.kill()


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
async def test_records_of_every_codec_are_handled_on_every_topic(host, service, filled, unique):
    worker = MemoryWorker(service, service.load_rules(SHIPPED), SimulatedClock(START))
    async with serving(host, filled, worker.consumer, unique) as lanes:
        await until(lambda: len(lanes.durable) == len(service.topics))
        await at_rest(lanes)
    assert worker.store.tables.parked == []
    assert len(worker.store.tables.inbox) >= EACH * len(CODECS) * len(service.topics)


@pytest.fixture
async def topic(kafka, unique) -> str:
    name = f"{unique}.events"
    await make_topics(kafka.brokers, {name: (1, {})})
    return name


async def test_a_header_whose_name_is_no_text_keeps_no_record_back(host, kafka, topic):
    core = FakeCore(topic)
    async with serving(host, kafka, core, topic):
        await write(kafka, topic, [0])
        await write_spoiled(kafka.bootstrap, topic, [b"1", b"2", b"3"], no_text)
        await write(kafka, topic, [4])
        await until(lambda: len(core.handled) == 5)
    assert values(core) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("spoil", [flipped, of_no_codec], ids=["a-flipped-bit", "an-unknown-codec"])
async def test_a_batch_that_the_disk_broke_is_passed_with_its_offsets(host, kafka, topic, spoil):
    await write(kafka, topic, [0, 1])
    await write_spoiled(kafka.bootstrap, topic, [b"2", b"broken", b"4"], lambda made: None)
    await write(kafka, topic, [5])
    spoil_on_disk(kafka.home / "data", topic, b"broken", spoil)
    core = HoleCore(topic)
    async with serving(host, kafka, core, topic):
        await until(lambda: len(core.handled) == 4)
        await write(kafka, topic, [6])
        await until(lambda: len(core.handled) == 5)
    assert [value for *_, value in core.handled] == [b"0", b"1", None, b"5", b"6"]
    [problem] = core.problems
    assert problem.startswith("offsets 2 to 4 can't be unpacked")


async def test_what_was_fetched_of_other_partitions_beside_a_broken_batch_is_not_lost(host, kafka, unique):
    name = f"{unique}.events"
    await make_topics(kafka.brokers, {name: (3, {})})
    for partition in (1, 2):
        await write(kafka, name, range(500), partition)
    await write_spoiled(kafka.bootstrap, name, [b"broken"] * 3, lambda made: None)
    spoil_on_disk(kafka.home / "data", name, b"broken", flipped)
    core = FakeCore(name)
    async with serving(host, kafka, core, name):
        await until(lambda: len(core.handled) == 1_001)
    for partition in (1, 2):
        assert [offset for _, p, offset, _ in core.handled if p == partition] == list(range(500))


async def test_the_nastiest_records_hold_nobody_up(host, kafka, unique, sample_database):
    pool = await open_pool(sample_database)
    store = PostgresStore(pool, kinds_of(SAMPLE))
    worker = MemoryWorker(SAMPLE, {}, SimulatedClock(START), store)
    await make_topics(kafka.brokers, {"outside.events": (1, {})})
    end = await first_free(kafka, "outside.events")
    async with store.transaction() as tx:
        await tx.make_offset("outside.events", 0, end, None)
    sound = made(sample_system(None), "open")
    nasty = [
        sound._replace(key=b"a\0b", value=b"{"),
        sound._replace(key=b"k" * 5_000, value=b"{"),
        sound._replace(key=None, value=b""),
        sound._replace(headers=[*sound.headers, ("ce_sequence", "²".encode())]),
        sound._replace(headers=[*sound.headers, ("ce_time", b"0001-01-01T00:00+14:00")]),
        sound._replace(headers=[*sound.headers, ("ce_type", None)]),
        sound._replace(value=b'{"of tomorrow": NaN,' + (sound.value or b"")[1:]),
        sound._replace(value=b"[" * 100_000),
        sound._replace(timestamp=-(10**15), value=b"\0"),
        made(sample_system(None), "open", patient=OTHER),
    ]
    async with serving(host, kafka, worker.consumer, unique):
        await send(kafka, "outside.events", nasty)
        async with asyncio.timeout(40):
            while await position_of(pool) < end + len(nasty):
                await asyncio.sleep(0.05)
    opened = await pool.fetchval("SELECT count(*) FROM box WHERE lane_key = $1", OTHER)
    assert opened == 1
    assert await pool.fetchval("SELECT count(DISTINCT key) FROM parked") == 4
    await pool.close()


class HoleCore(FakeCore):
    """Notes what its host could not unpack."""

    def __init__(self, *topics: str) -> None:
        super().__init__(*topics)
        self.problems: list[str] = []

    async def handle(self, run: Run) -> int:
        offset = await super().handle(run)
        self.problems += [record.problem for record in run.records if record.problem]
        return offset


async def first_free(kafka: Kafka, topic: str) -> int:
    bounds = Bounds(kafka.brokers)
    _, end = await bounds.of(topic, 0)
    await bounds.close()
    return end


async def position_of(pool) -> int:
    return await pool.fetchval("SELECT next_offset FROM consumer_offset WHERE topic = 'outside.events'")
