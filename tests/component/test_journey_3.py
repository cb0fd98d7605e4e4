"""Journey 3 in memory: every line of its table that is built, and its variants."""

from pathlib import Path

from tests.support.journeys.journey_3 import START, clinic_folder, play_journey_3
from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL


async def test_every_line_of_the_journey_comes_out_as_written(tmp_path: Path) -> None:
    await play_journey_3(MemoryClinic(START, ALL, {}, config=clinic_folder(tmp_path)))
