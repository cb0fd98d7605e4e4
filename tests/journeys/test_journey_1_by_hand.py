"""Journey 1 with the hands of the staff, at the board in a real browser: every line comes out as the scripted journey
writes it, from the referral until the assessments of the joint day (2027-03-09)."""

from pathlib import Path

import pytest

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.support.board_process import board_beside
from tests.support.journeys.assessments import ASSESSMENTS
from tests.support.journeys.hands import hands_at
from tests.support.journeys.journey_1 import START
from tests.support.journeys.journey_1_by_hand import by_hand
from tests.support.journeys.play import Play
from tests.support.journeys.programme import PLAN
from tests.support.journeys.referral_to_letter import FIRST_DATE, FIRST_VISIT, INTAKE
from tests.support.local_clinic import local_clinic
from tests.support.submissions import PRACTICE

pytestmark = pytest.mark.long


async def test_what_staff_do_at_the_board_comes_out_as_written(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    folder = playground / "by-hand"
    async with local_clinic(empty_kafka, postgres, folder, NAMES, START) as clinic:
        clinic.known_as("pcp", "referrer", PRACTICE)
        async with hands_at(await board_beside(clinic, folder), clinic) as hands:
            await Play(clinic).play(by_hand(hands, (*INTAKE, *FIRST_DATE, *FIRST_VISIT, *PLAN, *ASSESSMENTS)))
