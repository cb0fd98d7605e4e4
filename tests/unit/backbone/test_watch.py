"""The look after a host once a second, over one that does nothing."""

import asyncio

import pytest
from aiokafka.errors import GroupAuthorizationFailedError

from backbone.errors import Fatal
from backbone.log.hosts import watch
from backbone.log.lanes import Lanes
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
