"""A time with a start and an end: the end is later, and not by more than its contract says."""

from datetime import timedelta
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

LONGEST_ABSENCE = timedelta(days=1096)
"""What lasts longer than three years is open, without an end."""
LONGEST_VISIT = timedelta(hours=24)

P = TypeVar("P", bound=Any)


def in_order(period: P, longest: timedelta) -> P:
    """For a model's `model_validator`: the period itself. An `end` may be open."""
    if period.end is None or period.start < period.end <= period.start + longest:
        return period
    raise PydanticCustomError(
        "period", "The end must be later than the start, by at most {days} days", {"days": longest.days}
    )
