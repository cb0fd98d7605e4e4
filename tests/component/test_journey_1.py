"""Journey 1 in memory: every line of its table; and what a replay of all facts changes: nothing."""

import pytest

from backbone.model import Service
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRAL
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.journeys.journey_1 import START, lines, play_journey_1
from tests.support.journeys.play import Play
from tests.support.memory_clinic import MemoryClinic
from tests.support.pictures import differing, picture
from tests.support.submissions import PRACTICE

SERVICES: tuple[Service, ...] = (REFERRAL, SCHEDULING, CARE_PLAN, NOTIFICATIONS, WORKLIST)
MOMENTS = ("2027-01-20 12:00", "2027-02-25 18:00", "2027-03-09 18:00", "2027-04-08 18:00", "2027-05-13 12:00")
"""On the way: a date given, the plan activated, the joint day over, two reviews under way."""


async def test_every_line_of_the_journey_comes_out_as_written() -> None:
    await play_journey_1(MemoryClinic(START, SERVICES, {}))


@pytest.mark.parametrize("forgetting", [False, True], ids=["inboxes in place", "inboxes emptied"])
async def test_all_facts_once_more_change_nothing(forgetting: bool) -> None:
    clinic = MemoryClinic(START, SERVICES, {})
    await play_journey_1(clinic)
    before = picture(clinic)
    await clinic.replay(forgetting=forgetting)
    assert differing(before, picture(clinic)) == {}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_all_facts_once_more_change_nothing_on_the_way(moment: str) -> None:
    clinic = MemoryClinic(START, SERVICES, {})
    clinic.known_as("pcp", "referrer", PRACTICE)
    play = Play(clinic)
    await play.play(line for line in lines() if line.at <= moment)
    before = picture(clinic)
    await clinic.replay(forgetting=True)
    assert differing(before, picture(clinic)) == {}
    await play.play(line for line in lines() if line.at > moment)
