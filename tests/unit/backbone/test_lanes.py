"""Lanes over a host that only notes where it was told to seek."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable

import pytest

from backbone.errors import Fatal
from backbone.log.lane import AT_ONCE, HEAVY_BYTES
from backbone.log.lanes import IN_FLIGHT, QUEUED, Lanes
from backbone.log.records import Record, Run
from backbone.telemetry import Metrics
from tests.support.fake_core import FakeCore
from tests.support.fake_host import FakeHost

TOPIC = "a.events"
OTHER = "b.events"


class NotingCore(FakeCore):
    """Notes the runs as they come, waits at a gate, and fires timers."""

    def __init__(self, *topics: str) -> None:
        super().__init__(*topics)
        self.runs: list[Run] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.inside = self.most_inside = 0
        self.due: set[int] = set()
        self.fired: list[int] = []

    async def handle(self, run: Run) -> int:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            await self.gate.wait()
            offset = await super().handle(run)
        finally:
            self.inside -= 1
        self.runs.append(run)
        return offset

    async def due_lanes(self, lanes: Collection[int]) -> Collection[int]:
        return self.due & set(lanes)

    async def fire_timers(self, lane: int) -> None:
        self.fired.append(lane)
        self.due.discard(lane)


def run(offsets: Iterable[int], topic: str = TOPIC, partition: int = 0, fetch: int | None = None) -> Run:
    records = [Record(offset, None, str(offset).encode(), (), 0) for offset in offsets]
    return Run(topic, partition, records[0].offset if fetch is None else fetch, records)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


@pytest.fixture
async def core() -> NotingCore:
    return NotingCore(TOPIC, OTHER)


@pytest.fixture
async def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
async def lanes(core: NotingCore, host: FakeHost) -> AsyncIterator[Lanes]:
    lanes = Lanes(core, Metrics())
    lanes.host = host
    yield lanes
    await lanes.close()
    if not lanes.fatal.done():
        lanes.fatal.cancel()


async def assigned(lanes: Lanes, host: FakeHost, *places: tuple[str, int]) -> None:
    expected = len(host.seeks) + len(places)
    lanes.assign(places)
    await until(lambda: len(host.seeks) == expected)


async def test_a_run_of_a_partition_without_a_position_is_dropped(lanes, core, host):
    core.down = True
    lanes.assign([(TOPIC, 0)])
    lanes.offer(run(range(5)))
    assert lanes.queued == 0
    core.down = False
    await until(lambda: host.seeks == [(TOPIC, 0, 0)])
    assert core.runs == []


async def test_what_follows_without_a_gap_is_handled_together(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.gate.clear()
    lanes.offer(run(range(1)))
    await until(lambda: core.inside == 1)
    for start in (1, 4, 7):
        lanes.offer(run(range(start, start + 3)))
    core.gate.set()
    await until(lambda: lanes.durable[TOPIC, 0] == 10)
    assert [len(handled.records) for handled in core.runs] == [1, 9]
    assert core.runs[1].fetch_position == 1


async def test_runs_from_before_and_after_a_seek_are_never_joined(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.gate.clear()
    lanes.offer(run(range(1)))
    await until(lambda: core.inside == 1)
    lanes.offer(run(range(1, 4)))
    lanes.offer(run(range(2, 6)))
    core.gate.set()
    await until(lambda: lanes.durable[TOPIC, 0] == 6)
    assert [handled.fetch_position for handled in core.runs] == [0, 1, 2]
    assert [offset for _, _, offset, _ in core.handled] == list(range(6))


async def test_no_transaction_takes_more_than_the_limit_by_joining(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.gate.clear()
    lanes.offer(run(range(1)))
    await until(lambda: core.inside == 1)
    lanes.offer(run(range(1, 601)))
    lanes.offer(run(range(601, 1_201)))
    core.gate.set()
    await until(lambda: lanes.durable[TOPIC, 0] == 1_201)
    assert max(len(handled.records) for handled in core.runs) <= AT_ONCE


async def test_topics_of_one_partition_number_take_turns(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0), (OTHER, 0))
    core.gate.clear()
    lanes.offer(run([0]))
    await until(lambda: core.inside == 1)
    lanes.offer(run([1]))
    lanes.offer(run([0], topic=OTHER))
    core.gate.set()
    await until(lambda: len(core.runs) == 3)
    assert [handled.topic for handled in core.runs] == [TOPIC, OTHER, TOPIC]
    assert core.most_inside == 1


async def test_at_most_four_transactions_are_under_way(lanes, core, host):
    await assigned(lanes, host, *((TOPIC, number) for number in range(8)))
    core.gate.clear()
    for number in range(8):
        lanes.offer(run([0], partition=number))
    await until(lambda: core.inside == IN_FLIGHT)
    core.gate.set()
    await until(lambda: len(core.runs) == 8)
    assert core.most_inside == IN_FLIGHT


async def test_the_same_run_comes_again_after_a_retryable_error(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.fail_next = 2
    lanes.offer(run(range(3)))
    lanes.offer(run(range(3, 5)))
    await until(lambda: lanes.durable[TOPIC, 0] == 5)
    assert [offset for _, _, offset, _ in core.handled] == list(range(5))


async def test_a_run_that_is_sent_back_takes_with_it_what_waits_behind_it(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.gate.clear()
    lanes.offer(run(range(7, 9)))
    await until(lambda: core.inside == 1)
    lanes.offer(run(range(9, 12)))
    core.gate.set()
    await until(lambda: len(host.seeks) == 2)
    assert host.seeks[-1] == (TOPIC, 0, 0)
    assert lanes.queued == 0
    assert core.handled == []


async def test_what_is_under_way_ends_and_what_waits_is_dropped_when_a_partition_goes(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0), (TOPIC, 1))
    core.gate.clear()
    lanes.offer(run([0]))
    await until(lambda: core.inside == 1)
    lanes.offer(run([1]))
    await lanes.revoke([(TOPIC, 0)])
    assert (core.inside, lanes.queued) == (0, 0)
    core.gate.set()
    lanes.offer(run([0], partition=1))
    await until(lambda: len(core.runs) == 1)
    assert [handled.partition for handled in core.runs] == [1]


async def test_the_other_topics_of_a_lane_go_on_when_one_goes(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0), (OTHER, 0))
    core.gate.clear()
    lanes.offer(run([0]))
    await until(lambda: core.inside == 1)
    lanes.offer(run([0], topic=OTHER))
    await lanes.revoke([(TOPIC, 0)])
    core.gate.set()
    await until(lambda: len(core.runs) == 1)
    assert core.runs[0].topic == OTHER


async def test_a_transaction_that_can_not_be_ended_does_not_hold_up_the_group(lanes, core, host, monkeypatch):
    monkeypatch.setattr("backbone.log.lanes.ENDING_SECONDS", 0.05)
    await assigned(lanes, host, (TOPIC, 0))
    stuck, free = asyncio.Event(), asyncio.Event()

    async def handle(run: Run) -> int:
        try:
            await asyncio.sleep(3600)
        finally:
            stuck.set()
            await free.wait()
        raise AssertionError

    core.handle = handle
    lanes.offer(run([0]))
    await until(lambda: lanes.under_way() and lanes.queued == 0)
    await lanes.revoke([(TOPIC, 0)])
    assert stuck.is_set()
    free.set()


async def test_a_partition_assigned_anew_is_positioned_anew(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.positions[TOPIC, 0] = 40
    await assigned(lanes, host, (TOPIC, 0))
    assert host.seeks == [(TOPIC, 0, 0), (TOPIC, 0, 40)]


async def test_the_host_waits_while_too_many_records_wait(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.gate.clear()
    lanes.offer(run([0]))
    await until(lambda: core.inside == 1)
    lanes.offer(run(range(1, QUEUED + 1)))
    waiting = asyncio.ensure_future(lanes.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    core.gate.set()
    await asyncio.wait_for(waiting, 5)


async def test_a_heavy_record_counts_as_many(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.gate.clear()
    heavy = Record(0, None, b"x" * HEAVY_BYTES * QUEUED, (), 0)
    lanes.offer(Run(TOPIC, 0, 0, [heavy]))
    await until(lambda: core.inside == 1)
    lanes.offer(Run(TOPIC, 0, 1, [heavy._replace(offset=1)]))
    lanes.offer(Run(TOPIC, 0, 2, [heavy._replace(offset=2)]))
    waiting = asyncio.ensure_future(lanes.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    core.gate.set()
    await asyncio.wait_for(waiting, 5)
    await until(lambda: lanes.durable[TOPIC, 0] == 3)
    assert [len(handled.records) for handled in core.runs] == [1, 1, 1]
    assert lanes.queued == 0


async def test_due_timers_fire_in_their_lane(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 3))
    core.due = {3, 5}
    await lanes.fire_timers()
    await until(lambda: core.fired == [3])


async def test_a_fatal_error_is_the_end(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.error = Fatal("the position is lost")
    lanes.offer(run([0]))
    with pytest.raises(Fatal, match="the position is lost"):
        await asyncio.wait_for(asyncio.shield(lanes.fatal), 5)


async def test_a_bug_is_the_end_too(lanes, core, host):
    await assigned(lanes, host, (TOPIC, 0))
    core.error = ZeroDivisionError()
    lanes.offer(run([0]))
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(asyncio.shield(lanes.fatal), 5)
