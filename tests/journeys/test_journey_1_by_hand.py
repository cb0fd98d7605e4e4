"""Journey 1 with the hands of the staff, at the board in a real browser: every line comes out as the scripted journey
writes it, from the referral to the discharge, and what stands under its table holds.

`BY_HAND_FROM=2027-05-20` lets the script play what comes before that day.
"""

import os
from pathlib import Path

import pytest

from cli.stack.kafka import Kafka
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.support.board_process import board_beside
from tests.support.journeys.by_hand.hands import hands_at
from tests.support.journeys.by_hand.journey_1 import by_hand
from tests.support.journeys.journey_1 import START, lines, play_journey_1
from tests.support.local_clinic import local_clinic

pytestmark = pytest.mark.long
FROM = os.environ.get("BY_HAND_FROM", "")


async def test_what_staff_do_at_the_board_comes_out_as_written(
    empty_kafka: Kafka, postgres: Postgres, playground: Path
) -> None:
    folder = playground / "by-hand"
    async with (
        local_clinic(empty_kafka, postgres, folder, NAMES, START) as clinic,
        hands_at(await board_beside(clinic, folder), clinic) as hands,
    ):
        await play_journey_1(clinic, by_hand(hands, lines(), FROM))
