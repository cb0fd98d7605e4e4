"""How long work waited, or waits, and what is said of many: pure functions of times.

Whoever still waits counts too: a mean over what has ended alone gets shorter the longer others wait.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from statistics import mean, median
from typing import NamedTuple

NINE_OF_TEN = 0.9
NONE = timedelta(0)


class Away(NamedTuple):
    """[start, end): the patient is not available; `end` None while nobody knows it."""

    start: datetime
    end: datetime | None


class Stay(NamedTuple):
    """One piece of work, from its first entry on; `end` None while it waits."""

    since: datetime
    end: datetime | None
    away: Sequence[Away] = ()


class Spread(NamedTuple):
    """Of none, there is no number: not zero."""

    number: int
    longest: timedelta | None
    median: timedelta | None
    nine_of_ten: timedelta | None
    mean: timedelta | None


def wait(stay: Stay, at: datetime) -> timedelta:
    """Up to its end, or up to now, less what the patient was away."""
    end = min(stay.end or at, at)
    return max(end - stay.since - overlap(stay.away, stay.since, end), NONE)


def overlap(away: Iterable[Away], since: datetime, end: datetime) -> timedelta:
    """Within [since, end). Periods that touch or overlap are one: no time is deducted twice."""
    total, counted = NONE, since
    for period in sorted(away, key=lambda each: each.start):
        start, over = max(period.start, counted), min(period.end or end, end)
        if over > start:
            total, counted = total + (over - start), over
    return total


def spread(waits: Sequence[timedelta]) -> Spread:
    """The 90th percentile is the wait that nine of ten do not exceed."""
    if not waits:
        return Spread(0, None, None, None, None)
    seconds = sorted(each.total_seconds() for each in waits)
    found = (seconds[-1], median(seconds), seconds[ceil(NINE_OF_TEN * len(seconds)) - 1], mean(seconds))
    return Spread(len(seconds), *(timedelta(seconds=each) for each in found))
