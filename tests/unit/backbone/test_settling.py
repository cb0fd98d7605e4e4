"""A process says that it is at rest when nothing is left to do, and not before."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from backbone.brokers import Brokers
from backbone.clock import SimulatedClock
from backbone.engine.engine import Engine
from backbone.log.lanes import Lanes
from backbone.log.relay import Relay
from backbone.log.settling import Settled, Settling
from backbone.store.memory import MemoryStore
from backbone.store.port import Left
from backbone.telemetry import Metrics
from tests.support.fake_host import FakeHost
from tests.support.sample import SAMPLE
from tests.unit.backbone.test_lanes import TOPIC, NotingCore, assigned, run, until

START = datetime(2027, 1, 4, 13, tzinfo=UTC)
LATER = START + timedelta(hours=1)
KIND = (TOPIC, 0, "a.thing.v1")


class Store(MemoryStore):
    """What is left to do is said by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.unsent = self.uncalled = False
        self.next_due: datetime | None = None
        self.meanwhile = lambda: None

    async def left(self) -> Left:
        left = Left(self.unsent, self.uncalled, self.next_due)
        self.meanwhile()
        return left


class Process:
    """Real lanes over a core that only notes; the relay leads, and the test sends for it."""

    def __init__(self) -> None:
        self.core, self.host, self.store = NotingCore(TOPIC), FakeHost(), Store()
        self.clock = SimulatedClock(START)
        self.lanes = Lanes(self.core, Metrics())
        self.lanes.host = self.host
        self.done = self.lanes.progress.made
        engine = Engine(SAMPLE, {}, b"a secret", 12)
        self.relay = Relay(engine, self.clock, "", Brokers(""), Metrics(), done=self.done)
        self.relay.term = "a term"
        self.settling = Settling(self.store, self.clock, self.lanes, self.relay)

    def settle(self, handled: int = 0) -> "asyncio.Task[Settled]":
        wanted = {(TOPIC, 0): handled} if handled else {}
        return asyncio.ensure_future(self.settling.settle(wanted, ends=False))

    def send(self) -> None:
        """As the relay does."""
        self.relay.sent[KIND] = 7
        self.store.unsent = False
        self.done()


@pytest.fixture
async def process() -> AsyncIterator[Process]:
    process = Process()
    await assigned(process.lanes, process.host, (TOPIC, 0))
    yield process
    await process.lanes.close()
    process.lanes.fatal.cancel()


async def waits(settling: "asyncio.Task[Settled]") -> bool:
    """It has looked, and does not answer."""
    for _ in range(50):
        await asyncio.sleep(0)
    return not settling.done()


async def test_it_waits_for_a_record_that_is_still_on_its_way(process: Process) -> None:
    settling = process.settle(handled=3)
    assert await waits(settling)
    process.lanes.offer(run(range(3)))
    await asyncio.wait_for(settling, 5)


async def test_a_record_of_what_it_does_not_read_is_not_waited_for(process: Process) -> None:
    await asyncio.wait_for(process.settling.settle({("others.events", 0): 9}, ends=False), 5)


async def test_it_waits_for_the_end_of_a_transaction(process: Process) -> None:
    process.core.gate.clear()
    process.lanes.offer(run(range(3)))
    await until(lambda: process.core.inside == 1)
    settling = process.settle()
    assert await waits(settling)
    process.core.gate.set()
    await asyncio.wait_for(settling, 5)


async def test_it_waits_until_all_is_called_and_sent_and_says_what_was_sent(process: Process) -> None:
    process.store.unsent = process.store.uncalled = True
    settling = process.settle()
    assert await waits(settling)
    process.store.uncalled = False
    process.done()
    assert await waits(settling)
    process.send()
    assert (await asyncio.wait_for(settling, 5)).sent == {KIND: 7}


async def test_between_the_calls_rows_wait_for_more(process: Process) -> None:
    await process.settle()
    assert not process.relay.open.is_set()
    process.store.unsent = True
    settling = process.settle()
    await asyncio.wait_for(process.relay.open.wait(), 5)
    process.send()
    await asyncio.wait_for(settling, 5)
    assert not process.relay.open.is_set()


async def test_what_ended_while_it_looked_makes_it_look_again(process: Process) -> None:
    """Read before: nothing to send. Meanwhile a run was handled whose facts are to be sent."""

    def meanwhile() -> None:
        process.store.meanwhile = lambda: None
        process.store.unsent = True
        process.done()

    process.store.meanwhile = meanwhile
    settling = process.settle()
    assert await waits(settling)
    process.send()
    assert (await asyncio.wait_for(settling, 5)).sent == {KIND: 7}


async def test_due_timers_fire_before_the_answer(process: Process) -> None:
    process.store.next_due = LATER
    assert (await process.settle()).next_due == LATER
    process.core.due = {0}
    process.clock.move(LATER)
    settling = process.settle()
    await until(lambda: process.core.fired == [0])
    assert not settling.done(), "what it left behind may be due too"
    process.store.next_due = None
    assert (await asyncio.wait_for(settling, 5)).next_due is None


async def test_who_does_not_know_yet_what_was_sent_does_not_answer(process: Process) -> None:
    process.relay.term = None
    settling = process.settle()
    assert await waits(settling)
    process.relay.term = "mine now"
    process.done()
    assert (await asyncio.wait_for(settling, 5)).term == "mine now"


async def test_who_does_not_know_its_partitions_does_not_answer(process: Process) -> None:
    await process.lanes.revoke([(TOPIC, 0)])
    settling = process.settle()
    assert await waits(settling)
    await assigned(process.lanes, process.host, (TOPIC, 0))
    await asyncio.wait_for(settling, 5)
