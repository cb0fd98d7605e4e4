"""What can come between a fetch and its transaction on a real broker: markers, aborts, seeks, retention, lost runs."""

import asyncio
import random

import pytest

from backbone.errors import OffsetLost, Retryable
from backbone.log.hosts import faust, plain
from backbone.log.lanes import QUEUED
from backbone.log.records import Run
from cli.stack.topics import make_topics
from tests.support.fake_core import FakeCore
from tests.support.hosting import at_rest, delete_before, until, values, working, write, write_in_transactions


class CountingCore(FakeCore):
    """Counts the runs that it sends back."""

    sent_back = 0

    async def handle(self, run: Run) -> int:
        offset = await super().handle(run)
        self.sent_back += offset != run.records[-1].offset + 1
        return offset


class ShakenCore(FakeCore):
    """Now and then sets the position back before it handles a run, as a restored database would."""

    def __init__(self, *topics: str) -> None:
        super().__init__(*topics)
        self.dice = random.Random(7)
        self.shocks = 0

    async def handle(self, run: Run) -> int:
        await asyncio.sleep(self.dice.uniform(0, 0.003))
        place = (run.topic, run.partition)
        if self.shocks < 40 and self.dice.random() < 0.4 and (stored := self.positions[place]):
            self.shocks += 1
            back = self.dice.randint(1, min(300, stored))
            self.positions[place] -= back
            self.handled = [known for known in self.handled if known[2] < stored - back]
        return await super().handle(run)


class TrustingCore(FakeCore):
    """Never compares its position with the log."""

    async def position(
        self, topic: str, partition: int, beginning: int, end: int, topic_id: str | None = None
    ) -> int:
        return self.positions.setdefault((topic, partition), 0)


@pytest.fixture(params=[plain, faust], ids=["plain", "faust"])
def host(request):
    return request.param


@pytest.fixture
async def topic(kafka, unique) -> str:
    name = f"{unique}.events"
    await make_topics(kafka.brokers, {name: (1, {})})
    return name


async def test_markers_of_transactions_never_send_a_run_back(host, kafka, topic):
    core = CountingCore(topic)
    async with working(host, kafka, core, topic) as worker:
        await write_in_transactions(kafka, topic, range(30))
        await until(lambda: len(core.handled) == 30)
        await until(lambda: worker.lag() == {"0": 0.0})
        await at_rest(worker.lanes)
    assert values(core) == list(range(30))
    assert core.sent_back == 0


async def test_aborted_transactions_are_gaps_that_nobody_misses(host, kafka, topic):
    core = CountingCore(topic)
    async with working(host, kafka, core, topic) as worker:
        await write_in_transactions(kafka, topic, range(30), aborted=lambda number: number % 3 == 2)
        await until(lambda: len(core.handled) == 20)
        await until(lambda: worker.lag() == {"0": 0.0})
        await at_rest(worker.lanes)
    assert values(core) == [number for number in range(30) if number % 3 != 2]
    assert core.sent_back == 0


async def test_a_seek_while_fetches_are_under_way_loses_nothing(host, kafka, topic):
    core = ShakenCore(topic)
    await write(kafka, topic, range(20_000))
    async with working(host, kafka, core, topic):
        await until(lambda: core.positions.get((topic, 0), 0) == 20_000)
    assert core.shocks >= 3
    assert values(core) == list(range(20_000))


async def test_a_partition_taken_away_while_its_run_is_handled_is_handled_once(host, kafka, topic):
    core = FakeCore(topic)
    core.slow = 3600.0
    await write(kafka, topic, range(100))
    async with working(host, kafka, core, topic) as first:
        await until(lambda: first.lanes.under_way())
        core.slow = 0.0
        async with working(host, kafka, core, topic) as second:
            await until(lambda: len(core.handled) == 100)
            first.task.cancel()
            await write(kafka, topic, range(100, 150))
            await until(lambda: len(core.handled) == 150)
            assert not second.task.done()
    assert values(core) == list(range(150))


async def test_a_long_outage_keeps_few_records_in_memory(host, kafka, topic):
    core = FakeCore(topic)
    async with working(host, kafka, core, topic) as worker:
        await write(kafka, topic, range(1))
        await until(lambda: len(core.handled) == 1)
        core.down = True
        await write(kafka, topic, range(1, 8_000))
        await until(lambda: worker.lanes.queued >= QUEUED)
        await until(lambda: bool(worker.lag().get("0", 0.0)))
        assert worker.lanes.queued < QUEUED + 1_000
        core.down = False
        await until(lambda: len(core.handled) == 8_000)
    assert values(core) == list(range(8_000))


async def test_a_run_that_goes_astray_with_nothing_behind_it_is_fetched_again(
    host, kafka, topic, monkeypatch
):
    core = FakeCore(topic)
    async with working(host, kafka, core, topic) as worker:
        await write(kafka, topic, range(10))
        await until(lambda: len(core.handled) == 10)
        dropped: list[Run] = []
        with monkeypatch.context() as patch:
            patch.setattr(worker.lanes, "offer", dropped.append)
            await write(kafka, topic, range(10, 20))
            await until(lambda: sum(len(run.records) for run in dropped) == 10)
        await until(lambda: len(core.handled) == 20)
    assert values(core) == list(range(20))


async def test_records_that_retention_deleted_unhandled_end_the_process(host, kafka, topic):
    await write(kafka, topic, range(100))
    await delete_before(kafka, topic, 50)
    core = FakeCore(topic)
    core.positions[topic, 0] = 20
    async with working(host, kafka, core, topic) as worker:
        with pytest.raises(OffsetLost):
            await asyncio.wait_for(asyncio.shield(worker.task), 30)
    assert core.handled == []


async def test_records_deleted_while_running_end_the_process_and_are_never_jumped(host, kafka, topic):
    await write(kafka, topic, range(100))
    await delete_before(kafka, topic, 50)
    core = TrustingCore(topic)
    core.positions[topic, 0] = 20
    async with working(host, kafka, core, topic) as worker:
        with pytest.raises(OffsetLost, match="no longer has record 20"):
            await asyncio.wait_for(asyncio.shield(worker.task), 30)
    assert core.handled == []


async def test_a_stale_offset_in_kafka_harms_nobody(host, kafka, topic):
    """Kafka's copy of the position may lie before the log. Ours counts."""
    core = FakeCore(topic)
    await write(kafka, topic, range(100))
    async with working(host, kafka, core, topic) as worker:
        await until(lambda: len(core.handled) == 100)
        assert worker.lanes.host is not None
        await worker.lanes.host.commit({(topic, 0): 10})
    await delete_before(kafka, topic, 60)
    core.down = True
    async with working(host, kafka, core, topic) as worker:
        await until(lambda: worker.lanes.joined)
        await write(kafka, topic, range(100, 110))
        with pytest.raises(TimeoutError):
            await until(worker.task.done, 1)
        core.down = False
        await until(lambda: len(core.handled) == 110)
    assert values(core) == list(range(110))


async def test_errors_of_the_database_in_any_order_lose_nothing(host, kafka, topic):
    class MoodyCore(FakeCore):
        dice = random.Random(3)

        async def handle(self, run: Run) -> int:
            mood = self.dice.random()
            if mood < 0.2:
                raise Retryable("before the commit")
            offset = await super().handle(run)
            if mood < 0.4:
                raise Retryable("after the commit, whose answer was lost")
            return offset

    core = MoodyCore(topic)
    async with working(host, kafka, core, topic):
        for start in range(0, 1_000, 50):
            await write(kafka, topic, range(start, start + 50))
        await until(lambda: len(core.handled) == 1_000)
    assert values(core) == list(range(1_000))
