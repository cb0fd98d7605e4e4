"""Free times for the API, SQL as SQL. Nothing is changed or decided here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, zip_longest
from typing import NamedTuple

from msgspec.structs import replace

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from config.sessions import GROUP, Slot
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Purpose
from services.scheduling.rules import Rules
from services.scheduling.slot.aggregate import SLOT, Slots
from services.scheduling.slot.states import Free, SlotState, SlotTime

TIMES_TAKEN = """
-- Times that somebody has, from one instant to another.
SELECT clinician_id, start_at FROM slot WHERE status <> 'free' AND start_at >= $1 AND start_at < $2
"""
GROUPS_CALLED_OFF = """
-- Groups that do not take place, from one instant to another.
SELECT body->>'clinician_id', body->>'start' FROM group_time
 WHERE status = 'called_off' AND body->>'start' >= $1 AND body->>'start' < $2
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
    """What the templates have as far as dates are given now, less what is taken, of a group all places. In order of
    start."""
    rules: Rules = runtime.rules
    now = runtime.clock.now()
    end = rules.horizon(now)
    since = min(max(wanted.since, now), end)
    until = min(wanted.until or since + FOUR_WEEKS, end)
    async with runtime.connection() as connection:
        rows = await connection.fetch(TIMES_TAKEN, stamp(since), stamp(until))
        groups = wanted.purpose == GROUP
        off = await connection.fetch(GROUPS_CALLED_OFF, stamp(since), stamp(until)) if groups else ()
    called_off = {(row[0], datetime.fromisoformat(row[1])) for row in off}
    taken = Counter((row[0], row[1]) for row in rows)
    return (
        slot
        for slot in offered(rules, wanted, since, until)
        if slot.start > now
        and taken[slot.clinician_id, stamp(slot.start)] < rules.places(slot)
        and (slot.clinician_id, slot.start) not in called_off
    )


async def seated(
    runtime: Runtime, times: Sequence[SlotTime], appointment_ids: Sequence[str] = ()
) -> Sequence[SlotTime]:
    """These times, each with its place where a group is seen: of these appointments, one for each, or of nobody yet."""
    whose = zip_longest(times, appointment_ids[: len(times)])
    return [await seat(runtime, time, appointment_id) for time, appointment_id in whose]


async def seat(runtime: Runtime, time: SlotTime, appointment_id: str | None = None) -> SlotTime:
    rules: Rules = runtime.rules
    slot = rules.slot(time.clinician_id, time.start)
    if slot is None or not slot.is_group:
        return time
    taken = await places_taken(runtime, time)
    return replace(time, place=place_for(appointment_id, taken, rules.places(slot)))


def place_for(appointment_id: str | None, taken: Mapping[int, str], most: int) -> int:
    """Its own for who has one, else the lowest that is free. Where none is, one that somebody has: whoever may book is
    told that it is taken."""
    own = [place for place, whose in taken.items() if whose == appointment_id]
    free = [place for place in range(1, most + 1) if place not in taken] if len(taken) < most else []
    return next(iter((*own, *free, *taken)))


async def places_taken(runtime: Runtime, time: SlotTime) -> Mapping[int, str]:
    """Which appointment has, or is offered, which place of this time."""
    states = [each.state for each in await places_at(runtime, time)]
    return {each.place: each.appointment_id for each in states if not isinstance(each, Free)}


async def places_at(runtime: Runtime, time: SlotTime) -> Sequence[Snapshot[SlotState]]:
    """Every place of this time that somebody ever wanted."""
    at = Slots.start_at(stamp(time.start))
    return await runtime.find(SLOT, Slots.clinician_id(time.clinician_id), at)


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
