"""Other courses of journeys 2 and 3 on real services, Kafka and PostgreSQL: the same scripts as in memory."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.component import test_journey_2, test_journey_3
from tests.support.journeys import journey_2, journey_3
from tests.support.journeys.play import Play
from tests.support.local_clinic import local_clinic
from tests.support.submissions import PRACTICE

Variant = Callable[[Callable[[], Play]], Awaitable[None]]
OF_JOURNEY_2: tuple[Variant, ...] = (
    test_journey_2.test_an_escort_whom_nobody_confirmed_is_called_for_and_then_the_date_is_offered,
)
OF_JOURNEY_3: tuple[Variant, ...] = (
    test_journey_3.test_item_nine_alone_raises_the_alert_and_no_score,
    test_journey_3.test_the_same_submission_twice_is_one_alert_and_one_escalation,
    test_journey_3.test_who_is_not_at_risk_and_does_not_come_is_no_alert,
    test_journey_3.test_a_coordinator_discharges_nobody_after_a_missed_visit,
)


def title(variant: Any) -> str:
    return str(variant.__name__).removeprefix("test_")


@pytest.mark.long
@pytest.mark.parametrize(
    ("journey", "variant"),
    [(journey_3, each) for each in OF_JOURNEY_3] + [(journey_2, each) for each in OF_JOURNEY_2],
    ids=map(title, (*OF_JOURNEY_3, *OF_JOURNEY_2)),
)
async def test_it_comes_out_as_in_memory(
    journey: Any,
    variant: Variant,
    empty_kafka: Kafka,
    postgres: Postgres,
    playground: Path,
    tmp_path: Path,
    unique: str,
) -> None:
    settings = {"HUDDLE_CONFIG_DIR": str(journey.clinic_folder(tmp_path))}
    folder = playground / f"variant-{unique}"
    async with local_clinic(empty_kafka, postgres, folder, NAMES, journey.START, **settings) as clinic:
        clinic.known_as("pcp", "referrer", PRACTICE)
        await variant(lambda: Play(clinic))
