"""Statements of a run on PostgreSQL: as many for many patients as for one."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from backbone.engine.generic import kinds_of
from backbone.model import Service
from backbone.store.postgres import PostgresStore, open_pool
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.databases import Databases
from tests.support.sample import SAMPLE
from tests.support.stories import Story

HEARD = {
    WORKLIST: ("referral.received.v1", "referral.found_incomplete.v1", "scheduling.appointment_booked.v1"),
    SCHEDULING: ("referral.accepted.v1", "scheduling.appointment_cancelled.v1"),
    CARE_PLAN: ("scheduling.appointment_booked.v1", "care_plan.measure_scored.v1"),
    NOTIFICATIONS: ("scheduling.appointment_booked.v1", "scheduling.appointment_moved.v1"),
}
HUNDREDS = 300


class Counting(PostgresStore):
    """Counts what is sent to the server; rows that are copied are not logged."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.calls: Counter[str] = Counter()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        def count(record: Any) -> None:
            self.calls[record.query] += 1

        async with super().transaction() as tx:
            tx.connection.add_query_logger(count)
            try:
                yield tx
            finally:
                tx.connection.remove_query_logger(count)


async def statements(databases: Databases, service: Service, patients: int) -> list[int]:
    """Of the run of each fact."""
    assert service.migrations is not None
    pool = await open_pool(await databases.new(service.name, folders=[service.migrations]))
    story = Story(service, patients, Counting(pool, kinds_of(service)))
    counts = [(await story.tell(wire_type)).total() for wire_type in HEARD[service]]
    await pool.close()
    return counts


@pytest.mark.parametrize("service", HEARD, ids=lambda service: service.name)
async def test_a_run_of_hundreds_of_patients_takes_as_many_statements_as_a_run_of_one(
    databases: Databases, service: Service
) -> None:
    of_one = await statements(databases, service, 1)
    assert await statements(databases, service, HUNDREDS) == of_one
    assert all(of_one)


async def test_what_only_reads_begins_no_transaction(sample_database: str) -> None:
    pool = await open_pool(Databases.as_who_runs(sample_database))
    store = PostgresStore(pool, kinds_of(SAMPLE))
    async with store.reading() as reading, store.transaction() as tx:
        assert (reading.connection.is_in_transaction(), tx.connection.is_in_transaction()) == (False, True)
        assert await reading.ruled([]) == []
    await pool.close()
