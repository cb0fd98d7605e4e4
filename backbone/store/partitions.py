"""The journal's partitions, one a month, made ahead. What falls into none goes to the default one."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import asyncpg
from dateutil.relativedelta import relativedelta

AHEAD = 3
"""Months, the present one included."""


def months(now: datetime, count: int = AHEAD) -> list[tuple[datetime, datetime]]:
    """The present month and those after it, each as [first instant, first instant of the next), UTC."""
    first = datetime(now.year, now.month, 1, tzinfo=UTC)
    return list(pairwise(first + relativedelta(months=n) for n in range(count + 1)))


async def make_partitions(connection: Any, now: datetime) -> list[str]:
    """Make the partitions that are missing; the names that are new.

    A month of which the default partition holds facts already keeps them there.
    """
    made = []
    for begin, _ in months(now):
        name = f"journal_{begin:%Y_%m}"
        if await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", name):
            continue
        try:
            await connection.execute("SELECT make_journal_month($1)", begin.date())
        except (asyncpg.CheckViolationError, asyncpg.DuplicateTableError):
            continue
        made.append(name)
    return made
