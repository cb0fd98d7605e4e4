"""Free times for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from backbone.engine.runtime import Runtime
from config.sessions import Slot
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Purpose
from services.scheduling.rules import Rules

TIMES_TAKEN = """
-- Times that somebody has, from one instant to another.
SELECT clinician_id, start_at FROM slot WHERE status <> 'free' AND start_at >= $1 AND start_at < $2
"""
FOUR_WEEKS = timedelta(days=28)


class Wanted(NamedTuple):
    """Which times are asked for, from `since` on. Without `until`, four weeks."""

    discipline: Discipline
    purpose: Purpose
    since: datetime
    until: datetime | None = None


def stamp(instant: datetime) -> str:
    """As the columns have it."""
    return instant.astimezone(UTC).isoformat()


async def free_slots(runtime: Runtime, wanted: Wanted) -> Iterator[Slot]:
    """What the templates have as far as dates are given now, less what is taken. In order of start."""
    rules: Rules = runtime.rules
    now = runtime.clock.now()
    end = rules.horizon(now)
    since = min(max(wanted.since, now), end)
    until = min(wanted.until or since + FOUR_WEEKS, end)
    async with runtime.connection() as connection:
        rows = await connection.fetch(TIMES_TAKEN, stamp(since), stamp(until))
    taken = {(row[0], row[1]) for row in rows}
    return (
        slot
        for slot in offered(rules, wanted, since, until)
        if slot.start > now and (slot.clinician_id, stamp(slot.start)) not in taken
    )


def first_of(free: Iterator[Slot], limit: int) -> tuple[Sequence[Slot], datetime | None]:
    """So many, with all that begin together with the last of them; and where those after them begin."""
    shown = list(islice(free, limit))
    for slot in free:
        if slot.start != shown[-1].start:
            return shown, slot.start
        shown.append(slot)
    return shown, None


def offered(rules: Rules, wanted: Wanted, since: datetime, until: datetime) -> Iterator[Slot]:
    """Slots of the templates between two instants that are not further apart than dates are given."""
    day, last = rules.calendar.day(since), rules.calendar.day(until)
    while day <= last:
        for slot in rules.sessions.on(day, rules.calendar).values():
            fits = slot.discipline == wanted.discipline and wanted.purpose in slot.purposes
            if fits and since <= slot.start < until:
                yield slot
        day += timedelta(days=1)
