"""Journey 1 in memory: every line of its table; and what a replay of all facts changes: nothing."""

import pytest

from tests.support.journeys.journey_1 import START, lines, play_journey_1
from tests.support.journeys.play import Play
from tests.support.memory_clinic import MemoryClinic
from tests.support.pictures import differing
from tests.support.services import ALL
from tests.support.submissions import PRACTICE

pytestmark = pytest.mark.wide

MOMENTS = (
    "2027-01-20 12:00",
    "2027-02-25 18:00",
    "2027-03-09 18:00",
    "2027-04-08 18:00",
    "2027-05-13 12:00",
    "9",
)
"""On the way: a date given, the plan activated, the joint day over, two reviews under way; and the end."""


async def test_every_line_of_the_journey_comes_out_as_written() -> None:
    await play_journey_1(MemoryClinic(START, ALL, {}))


async def test_all_facts_once_more_change_nothing_at_any_moment() -> None:
    clinic = MemoryClinic(START, ALL, {})
    clinic.known_as("pcp", "referrer", PRACTICE)
    play, rest = Play(clinic), list(lines())
    for moment in MOMENTS:
        await play.play(line for line in rest if line.at <= moment)
        rest = [line for line in rest if line.at > moment]
        for forgetting in (False, True):
            before = await clinic.picture()
            await clinic.replay(forgetting=forgetting)
            assert differing(before, await clinic.picture()) == {}, (
                f"at {moment}, inboxes emptied: {forgetting}"
            )
    assert rest == []
