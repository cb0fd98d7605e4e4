"""The same on PostgreSQL, which takes no NUL in a text, no key above a size, and ends transactions that idle."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.clock import SimulatedClock
from backbone.engine.generic import kinds_of
from backbone.store.postgres import PostgresStore, open_pool
from config.loading import SHIPPED
from tests.support.any_bytes import at_length, runs
from tests.support.deciding import START
from tests.support.memory_system import MemoryWorker
from tests.support.taking import NAMES, TOPICS, Taking

EXAMPLES = 12
RECORDS = 25_000


@pytest.mark.parametrize(("service", "topic"), TOPICS, ids=NAMES)
def test_any_record_is_handled_or_set_aside_and_nobody_else_waits(databases, service, topic):
    assert take_many(databases, service, topic, EXAMPLES, most=8).position > EXAMPLES


@pytest.mark.long
@pytest.mark.parametrize(("service", "topic"), TOPICS, ids=NAMES)
def test_twenty_thousand_records(databases, service, topic):
    """Others each time with `--hypothesis-profile=explore`."""
    taken = take_many(databases, service, topic, RECORDS // len(TOPICS) // 40, least=20, most=60)
    print(f"\n{service.name} {topic}: {taken.position} records, {taken.parked} keys parked", end=" ")


def take_many(databases, service, topic, examples: int, most: int, least: int = 1) -> Taking:
    """Many runs of one topic into one database."""
    with asyncio.Runner() as runner:
        folders = [service.migrations] if service.migrations else []
        url = runner.run(databases.new(service.name, folders=folders))
        pool = runner.run(open_pool(url))
        store = PostgresStore(pool, kinds_of(service))
        taking = Taking(
            MemoryWorker(service, service.load_rules(SHIPPED), SimulatedClock(START), store), topic
        )

        @at_length(examples)
        @given(st.data())
        def check(data):
            runner.run(taking.take(data.draw(runs(service, topic, most, least))))

        check()
        runner.run(pool.close())
    return taking
