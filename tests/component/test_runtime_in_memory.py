"""The runtime's suite on the store in memory."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backbone.log import consumer
from backbone.model import State, Timer
from tests.support.births_suite import *  # noqa: F403
from tests.support.effects_suite import *  # noqa: F403
from tests.support.effects_suite import sample_system
from tests.support.memory_system import MemorySystem
from tests.support.parking_suite import *  # noqa: F403
from tests.support.positions_suite import *  # noqa: F403
from tests.support.runtime_suite import *  # noqa: F403
from tests.support.runtime_suite import BOX_2, START, happened
from tests.support.sample import BOX, SAMPLE, CheckBox, Open
from tests.support.sample import timers as checks


@pytest.fixture
def system() -> MemorySystem:
    return sample_system(None)


def checks_twice(state: State, rules: Any) -> Mapping[str, Timer]:
    """Who has checked a box looks again at once."""
    if isinstance(state, Open) and state.checked:
        return {"again": Timer(state.since, CheckBox(state.since))}
    return checks(state, rules)


async def fired_at_once(system: MemorySystem) -> int:
    """How many timers fire when each lane is asked for what is due there, once."""
    await system.settle()
    worker = system.workers["sample"]
    system.clock.move(START + timedelta(hours=2))
    for lane in await worker.consumer.due_lanes(range(worker.engine.partitions)):
        await worker.consumer.fire_timers(lane)
    return (await system.facts("sample")).count("sample.box_checked.v1")


async def test_timers_that_are_too_many_for_one_transaction_fire_in_the_next(system, monkeypatch):
    monkeypatch.setattr(consumer, "AT_ONCE", 1)
    happened(system, "open")
    happened(system, "open", BOX_2)
    assert await fired_at_once(system) == 2


async def test_a_timer_that_makes_another_due_fires_that_one_too():
    twice = replace(SAMPLE, aggregates=(replace(BOX, timers=checks_twice),))
    system = MemorySystem(START, {twice: None})
    happened(system, "open")
    assert await fired_at_once(system) == 2
