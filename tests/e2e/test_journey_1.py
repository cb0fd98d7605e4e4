"""Journey 1 on real services, Kafka and PostgreSQL: every line of its table, at its own times."""

from pathlib import Path

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from tests.support.journeys.journey_1 import START, play_journey_1
from tests.support.local_clinic import local_clinic

SERVICES = ("referral", "scheduling", "care_plan", "notifications", "worklist")


async def test_every_line_comes_out_as_written(kafka: Kafka, postgres: Postgres, playground: Path) -> None:
    async with local_clinic(kafka, postgres, playground / "journey-1", SERVICES, START) as clinic:
        play = await play_journey_1(clinic)
        assert len(play.told) > 300
