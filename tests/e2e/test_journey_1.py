"""Journey 1 on real services, Kafka and PostgreSQL: every line at its own time; then every fact once more."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.support.journeys.journey_1 import START, play_journey_1
from tests.support.local_clinic import LocalClinic, local_clinic

END = "2027-10-03T12:00:59-04:00"
FROM_THE_START = "UPDATE consumer_offset SET next_offset = 0 WHERE topic LIKE '%.events'"
PICTURE = """
-- Everything that a replay must leave as it is.
SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM refusal), (SELECT count(*) FROM timer),
       (SELECT count(*) FROM parked), (SELECT count(*) FROM deferred), (SELECT count(*) FROM effect),
       (SELECT count(*) FROM outbox)
"""


async def test_every_line_comes_out_as_written_and_all_facts_once_more_change_nothing(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    async with local_clinic(empty_kafka, postgres, playground / "journey-1", NAMES, START) as clinic:
        play = await play_journey_1(clinic)
        assert len(play.told) > 400
        before = await picture(clinic)
        for forgetting in (False, True):
            await replay(clinic, forgetting=forgetting)
            assert await clinic.news() == [], "nothing is told"
            assert await picture(clinic) == before, "nothing is sent, booked, opened or changed"


async def picture(clinic: LocalClinic) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for service in NAMES:
        connection = await asyncpg.connect(clinic.system.database(service))
        found[service] = tuple(await connection.fetchrow(PICTURE))
        await connection.close()
    arrived = (await clinic.system.http.get(f"{clinic.sinks}/arrived")).json()
    return found | {"sent": (len(arrived["texts"]), len(arrived["mails"]))}


async def replay(clinic: LocalClinic, *, forgetting: bool) -> None:
    """Every position of every topic of facts back to the first offset; `forgetting`, no inbox knows any fact."""
    for service, worker in clinic.workers.items():
        worker.end()
        connection = await asyncpg.connect(clinic.system.database(service))
        await connection.execute(FROM_THE_START)
        if forgetting:
            await connection.execute("DELETE FROM inbox")
        await connection.close()
    for worker in clinic.workers.values():
        worker.start(HUDDLE_CLOCK_START=END)
    await clinic.system.ready(*clinic.workers.values())
    await clinic.clock.settle(to_the_ends=True)
