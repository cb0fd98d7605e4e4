"""FHIR priorities and due times, compared."""

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from schemas.codes import Priority

PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""Most urgent first."""

RANK: Mapping[str, int] = {priority: rank for rank, priority in enumerate(PRIORITIES)}


def more_urgent(one: Priority, other: Priority | None) -> Priority:
    return one if other is None or RANK[one] <= RANK[other] else other


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The due time that comes first, if there is one."""
    known = [due for due in (one, other) if due is not None]
    return min(known, default=None)
