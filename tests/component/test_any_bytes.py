"""Whatever is written to a topic that a service reads: the position moves, and a healthy record behind is handled."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.clock import SimulatedClock
from config.loading import SHIPPED
from tests.support.any_bytes import at_length, runs
from tests.support.deciding import START
from tests.support.memory_system import MemoryWorker
from tests.support.taking import NAMES, TOPICS, Taking

pytestmark = pytest.mark.wide


@pytest.mark.parametrize(("service", "topic"), TOPICS, ids=NAMES)
def test_any_record_is_handled_or_set_aside_and_nobody_else_waits(service, topic):
    rules = service.load_rules(SHIPPED)

    @at_length(40)
    @given(st.lists(runs(service, topic), min_size=1, max_size=3))
    def check(found):
        async def take() -> None:
            taking = Taking(MemoryWorker(service, rules, SimulatedClock(START)), topic)
            for records in found:
                await taking.take(records)

        asyncio.run(take())

    check()
