"""Time is a port: the only module that reads the wall clock."""

import time
from datetime import UTC, datetime
from typing import Protocol

from backbone.errors import Fatal


class Clock(Protocol):
    """What time it is for everything that is decided. Machinery (leases, back-off) uses `monotonic`."""

    def now(self) -> datetime:
        """An aware UTC instant."""


class WallClock:
    """Real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock:
    """Stands still until it is moved. For tests, demo and simulation only."""

    def __init__(self, start: datetime, environment: str = "development") -> None:
        if environment == "production":
            raise Fatal("The simulated clock is refused in production: unset HUDDLE_CLOCK.")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, moment: datetime) -> None:
        """Forward only. Raises ValueError."""
        if moment < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()} and does not go back")
        self._now = moment.astimezone(UTC)


def monotonic() -> float:
    """Seconds, for measuring how long machinery takes."""
    return time.monotonic()


def epoch_seconds() -> int:
    """Wall time in seconds, for token lifetimes."""
    return int(time.time())


def epoch_nanoseconds() -> int:
    """Wall time as traces have it."""
    return time.time_ns()


def epoch_milliseconds() -> int:
    """Wall time as Kafka stamps records with it."""
    return int(time.time() * 1000)
