"""ATT-09: for how long a freed time is held for one patient."""

from datetime import timedelta

import pytest

from tests.unit.scheduling.situations import rules

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("ahead", "hours"),
    [
        *((12 * HOUR, 2), (48 * HOUR, 2), (49 * HOUR, 4)),
        *((14 * DAY, 4), (14 * DAY + HOUR, 24), (60 * DAY, 24)),
    ],
)
def test_a_time_is_held_shorter_the_sooner_it_begins(ahead: timedelta, hours: int) -> None:
    assert rules().scheduling.freed.values.hold(ahead) == timedelta(hours=hours)
