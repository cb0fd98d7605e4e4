"""After `settle` nothing is under way: on Kafka, in the databases, in the processes."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from services.worklist.service import SERVICE as WORKLIST
from simulator.clock_driver import ClockDriver
from tests.support.local_clinic import LocalClinic, local_clinic
from tests.support.submissions import PRACTICE, a_submission

TOLD = "SELECT fact_id::text FROM journal WHERE sequence IS NOT NULL AND type = ANY ($1)"
HANDLED = "SELECT fact_id::text FROM inbox"
LEFT = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM effect)"


@pytest.fixture
async def clinic(
    empty_kafka: Kafka, postgres: Postgres, playground: Path, unique: str
) -> AsyncIterator[LocalClinic]:
    folder = playground / f"rest-{unique}"
    services = ("referral", "worklist")
    async with local_clinic(empty_kafka, postgres, folder, services, "2027-01-04 09:00") as clinic:
        clinic.known_as("practice", "referrer", PRACTICE)
        await clinic.clock.settle()
        yield clinic


async def submit(clinic: LocalClinic, number: int) -> None:
    """And wait for nothing."""
    url, headers = clinic.workers["referral"].url, clinic._headers["practice"]
    sent = a_submission(source_id=f"rest-{number}")
    (await clinic.system.http.post(f"{url}/referrals", json=sent, headers=headers)).raise_for_status()


async def found(clinic: LocalClinic, service: str, statement: str, *arguments: Any) -> list[Any]:
    connection = await asyncpg.connect(clinic.system.database(service))
    try:
        return [row[0] for row in await connection.fetch(statement, *arguments)]
    finally:
        await connection.close()


async def test_after_it_nothing_is_under_way(clinic: LocalClinic) -> None:
    for number in range(12):
        await submit(clinic, number)
        await clinic.clock.settle()
        told = set(await found(clinic, "referral", TOLD, list(WORKLIST.consumed)))
        told |= set(await found(clinic, "worklist", TOLD, list(WORKLIST.consumed)))
        assert len(told) > number
        assert told <= set(await found(clinic, "worklist", HANDLED))
        assert [await found(clinic, service, LEFT) for service in clinic.workers] == [[0], [0]]


async def test_a_record_on_its_way_to_somebody_who_is_at_rest_is_not_overlooked(clinic: LocalClinic) -> None:
    """Frozen, the worklist has answered and does not know of the record yet."""
    worklist = clinic.workers["worklist"]
    clinic.clock._patience = 2
    worklist.send(signal.SIGSTOP)
    try:
        await submit(clinic, 1)
        with pytest.raises(TimeoutError, match=worklist.url):
            await clinic.clock.settle()
    finally:
        worklist.send(signal.SIGCONT)
    again = ClockDriver(clinic.system.http, [worker.url for worker in clinic.workers.values()])
    await again.settle()
    told = set(await found(clinic, "referral", TOLD, list(WORKLIST.consumed)))
    assert told <= set(await found(clinic, "worklist", HANDLED))
