"""Journey 3 on real services, Kafka and PostgreSQL: every line that is built at its own time, pages included."""

from pathlib import Path

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.support.journeys.journey_3 import START, clinic_folder, play_journey_3
from tests.support.local_clinic import local_clinic


async def test_every_line_comes_out_as_written(
    empty_kafka: Kafka, postgres: Postgres, playground: Path, tmp_path: Path
) -> None:
    config = str(clinic_folder(tmp_path))
    folder = playground / "journey-3"
    async with local_clinic(empty_kafka, postgres, folder, NAMES, START, HUDDLE_CONFIG_DIR=config) as clinic:
        await play_journey_3(clinic)
