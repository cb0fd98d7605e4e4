"""Journey 1 on real services, Kafka and PostgreSQL: every line at its own time; then every fact once more."""

from pathlib import Path

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.support.journeys.journey_1 import START, play_journey_1
from tests.support.local_clinic import local_clinic


async def test_every_line_comes_out_as_written_and_all_facts_once_more_change_nothing(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    async with local_clinic(empty_kafka, postgres, playground / "journey-1", NAMES, START) as clinic:
        play = await play_journey_1(clinic)
        assert len(play.told) > 400
        before = await clinic.picture()
        for forgetting in (False, True):
            await clinic.replay(forgetting=forgetting)
            assert await clinic.picture() == before, "nothing is told, sent, booked, opened or changed"
