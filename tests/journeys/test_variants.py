"""Other courses of journeys 2 and 3 on real services, Kafka and PostgreSQL: the same scripts as in memory.

Those of `tests/component` that are not here ask what only memory has:

- all facts once more, with inboxes as they were or emptied, of both journeys, and the move that is told twice:
  `tests/chaos` and `tests/integration/store` have repetition on the real stack;
- both reminders failed: a network that loses texts, and only those to patients;
- `notifications` down from 21:30 to 21:50: the clock moves in every process or in none.

Those in which a date moves, and those from the second block or the first consultation on, are left to memory: they are
long.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.component import test_journey_2, test_journey_3, test_journey_3_opioids
from tests.support.configuring import change
from tests.support.journeys import journey_2, journey_3
from tests.support.journeys.play import Play
from tests.support.local_clinic import local_clinic
from tests.support.submissions import PRACTICE

Variant = Callable[[Callable[..., Play]], Awaitable[None]]
BUPRENORPHINE = {"code": "351266", "route": "sublingual"}
FENTANYL = {"code": "4337", "dose": "100", "dose_unit": "mcg", "route": "nasal"}
OF_JOURNEY_2: tuple[Variant, ...] = (
    test_journey_2.test_an_escort_whom_nobody_confirmed_is_called_for_and_then_the_date_is_offered,
    test_journey_2.test_a_signature_for_the_date_before_is_refused,
)
OF_JOURNEY_3: tuple[Variant, ...] = (
    test_journey_3.test_item_nine_alone_raises_the_alert_and_no_score,
    test_journey_3.test_the_same_submission_twice_is_one_alert_and_one_escalation,
    test_journey_3.test_who_is_not_at_risk_and_does_not_come_is_no_alert,
    test_journey_3.test_a_coordinator_discharges_nobody_after_a_missed_visit,
    test_journey_3.test_nobody_acknowledges_then_every_quarter_of_an_hour_until_somebody_does,
    *(
        partial(test_journey_3.test_what_other_opioids_come_to, drugs=drugs, said=said)
        for drugs, said in (
            ([BUPRENORPHINE], {"mme_per_day": "0.0", "has_buprenorphine": True}),
            ([{}, FENTANYL], {"mme_per_day": "120.0"}),
        )
    ),
    test_journey_3.test_a_dose_that_is_not_known_calls_for_the_welfare_call_like_a_high_one,
    test_journey_3_opioids.test_buprenorphine_beside_a_benzodiazepine_asks_for_naloxone,
)
WITHOUT_REVIEW = test_journey_3_opioids.test_buprenorphine_beside_a_benzodiazepine_asks_for_naloxone
"""Of a clinic in which no dose asks for a second review."""


def title(variant: Any) -> str:
    whole = getattr(variant, "func", variant)
    return str(whole.__name__).removeprefix("test_")


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
    configured = journey.clinic_folder(tmp_path)
    if variant is WITHOUT_REVIEW:
        change(configured / "opioid.toml", "mdt_review = 90", 'mdt_review = "off"')
    settings = {"HUDDLE_CONFIG_DIR": str(configured)}
    folder = playground / f"variant-{unique}"
    async with local_clinic(empty_kafka, postgres, folder, NAMES, journey.START, **settings) as clinic:
        clinic.known_as("pcp", "referrer", PRACTICE)
        await variant(lambda *settings: Play(clinic))
