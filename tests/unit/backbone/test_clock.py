"""The simulated clock stands where it is put, and never in production."""

from datetime import UTC, datetime, timedelta

import pytest

from backbone.clock import SimulatedClock, WallClock
from backbone.errors import Fatal

START = datetime(2027, 1, 4, 14, tzinfo=UTC)


def test_simulated_time_stands_still_until_it_is_moved():
    clock = SimulatedClock(START)
    assert clock.now() == clock.now() == START
    clock.move(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)


def test_simulated_time_does_not_go_back():
    with pytest.raises(ValueError, match="does not go back"):
        SimulatedClock(START).move(START - timedelta(seconds=1))


def test_simulated_time_is_refused_in_production():
    with pytest.raises(Fatal, match="refused in production"):
        SimulatedClock(START, "production")


def test_real_time_is_aware_and_in_utc():
    assert WallClock().now().utcoffset() == timedelta(0)
