"""The look after a host once a second, over one that does nothing."""

import asyncio

import pytest
from aiokafka.errors import GroupAuthorizationFailedError

from backbone.errors import Fatal
from backbone.log import lanes as at_lanes
from backbone.log.hosts import watch
from backbone.log.lanes import Lanes
from backbone.log.patience import LONG_SECONDS
from backbone.telemetry import Metrics
from tests.support.fake_core import FakeCore
from tests.support.fake_host import FakeHost
from tests.unit.backbone.test_lanes import TOPIC


@pytest.fixture
async def lanes():
    lanes = Lanes(FakeCore(TOPIC), Metrics())
    lanes.host = FakeHost()
    yield lanes
    await lanes.close()
    lanes.fatal.cancel()


async def test_a_process_that_its_group_never_takes_in_ends(lanes, monkeypatch):
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watch, "OUTSIDE_SECONDS", 0.03)
    with pytest.raises(Fatal, match="No partitions were assigned"):
        await asyncio.wait_for(watch.keep_watch(lanes, lanes.host, Metrics()), 5)


async def test_a_member_without_partitions_goes_on(lanes, monkeypatch):
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watch, "OUTSIDE_SECONDS", 0.03)
    lanes.assign([])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(watch.keep_watch(lanes, lanes.host, Metrics()), 0.3)


async def test_a_process_that_kafka_refuses_a_right_ends_with_what_it_lacks(lanes, monkeypatch):
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.01)
    lanes.assign([])
    lanes.host.denial = GroupAuthorizationFailedError("scheduling")
    with pytest.raises(Fatal, match=r"Kafka refuses us \(.*scheduling\)"):
        await asyncio.wait_for(watch.keep_watch(lanes, lanes.host, Metrics()), 5)


async def test_how_far_it_came_is_told_again_until_kafka_takes_it(lanes, monkeypatch):
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.01)
    lanes.assign([])
    lanes.durable[TOPIC, 3] = 7
    lanes.host.takes = False
    watching = asyncio.ensure_future(watch.keep_watch(lanes, lanes.host, Metrics()))
    await until(lambda: len(lanes.host.commits) > 2)
    lanes.host.takes = True
    told = len(lanes.host.commits)
    await asyncio.sleep(0.1)
    watching.cancel()
    assert len(lanes.host.commits) <= told + 2 and {*map(str, lanes.host.commits)} == {str({(TOPIC, 3): 7})}


async def compared(lanes: Lanes) -> list[str]:
    """What is said after one look at the topics."""
    assert lanes.host is not None
    comparing = asyncio.ensure_future(watch.keep_comparing(lanes, lanes.host))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    comparing.cancel()
    return lanes.strange()


async def test_a_topic_that_kafka_lacks_is_said_until_it_is_there(lanes):
    lanes.host.without = {TOPIC}
    [said] = await compared(lanes)
    assert said.startswith(f"kafka: there is no topic {TOPIC}: make what is missing")
    lanes.host.without = set()
    assert await compared(lanes) == []


async def test_a_broker_that_does_not_answer_for_long_is_said_until_it_does(lanes, monkeypatch):
    clock = [100.0]
    for each in (watch, at_lanes):
        monkeypatch.setattr(each, "monotonic", lambda: clock[0])
    assert await compared(lanes) == []
    lanes.host.reached = False
    clock[0] += LONG_SECONDS
    assert await compared(lanes) == [], "a failover may take so long"
    clock[0] += 1
    [said] = await compared(lanes)
    assert said.startswith("kafka: for 31 s no broker has answered")
    lanes.host.reached = True
    assert await compared(lanes) == []


async def test_another_number_of_partitions_than_there_are_lanes_is_said(lanes):
    lanes.core.partitions = 24
    [said] = await compared(lanes)
    assert said.startswith(f"kafka: {TOPIC} has not the 24 partitions that HUDDLE_PARTITIONS says")
    lanes.core.partitions = 12
    assert await compared(lanes) == []


async def test_a_topic_that_was_made_anew_while_it_was_read_is_read_no_further(lanes):
    lanes.assign([(TOPIC, 3)])
    await until(lambda: lanes.idle((TOPIC, 3)))
    assert await compared(lanes) == []
    lanes.host.topic_id, lanes.core.strange = "another one", "the topic was made anew"
    await compared(lanes)
    await until(lambda: bool(lanes.stopped))
    assert not lanes.idle((TOPIC, 3))
    [said] = lanes.strange()
    assert said.startswith(f"kafka: {TOPIC}/3: the topic was made anew. See huddle positions")


async def test_what_is_not_read_is_said_in_one_sentence_and_read_again_once_it_may_be(lanes):
    lanes.core.strange = "it ends too early"
    lanes.assign([(TOPIC, number) for number in range(12)])
    await until(lambda: len(lanes.stopped) == 12)
    [said] = lanes.strange()
    assert said.startswith(
        f"kafka: {TOPIC}/0: it ends too early, and 11 other partitions are not read either."
    )
    lanes.core.strange = None
    await until(lambda: not lanes.stopped)
    assert lanes.strange() == []
    assert len(lanes.host.seeks) == 12


async def until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)
