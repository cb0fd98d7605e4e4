"""Reads for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from backbone.engine.runtime import Runtime
from config.sessions import Slot
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Purpose
from services.scheduling.rules import Rules

TAKEN = """
-- Times that somebody has, or that the clinic needs, from one instant to another.
SELECT clinician_id, start_at FROM slot WHERE status <> 'free' AND start_at >= $1 AND start_at < $2
"""

REQUESTS = """
-- Booking requests of a status, a patient or both, the newest last.
SELECT id::text, lane_key::text, pathway_id::text, version, status, body::text FROM booking_request
 WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR lane_key = $2) AND ($3::uuid IS NULL OR id > $3)
 ORDER BY id LIMIT $4
"""

WAITING_LIST = """
-- Who waits, in order of category, target date and time of joining (ATT-09).
SELECT id::text, lane_key::text, pathway_id::text, version, status, body::text FROM waitlist_entry
 WHERE open = 'true' ORDER BY body->'place'->>'category' NULLS LAST, body->'place'->>'target_date' NULLS LAST, id
"""

APPOINTMENTS = """
-- Appointments of a patient, or of everybody, from one instant to another, in order of start.
SELECT id::text, lane_key::text, pathway_id::text, version, status, body::text FROM appointment
 WHERE ($1::uuid IS NULL OR lane_key = $1)
   AND ($2::text IS NULL OR start_at >= $2) AND ($3::text IS NULL OR start_at < $3)
 ORDER BY start_at NULLS FIRST, id LIMIT $4
"""


def stamp(instant: datetime) -> str:
    """As the columns have it."""
    return instant.astimezone(UTC).isoformat()


async def free_slots(
    runtime: Runtime,
    discipline: Discipline,
    purpose: Purpose,
    since: datetime,
    until: datetime,
    limit: int,
) -> Sequence[Slot]:
    """What the templates have, less what is taken. In order of start."""
    rules: Rules = runtime.rules
    since = max(since, runtime.clock.now())
    async with runtime.connection() as connection:
        rows = await connection.fetch(TAKEN, stamp(since), stamp(until))
    taken = {(row[0], row[1]) for row in rows}
    found: list[Slot] = []
    day, last = rules.calendar.day(since), min(rules.calendar.day(until), rules.last_day(since))
    while day <= last and len(found) < limit:
        for slot in rules.sessions.on(day, rules.calendar).values():
            wanted = slot.discipline == discipline and purpose in slot.purposes
            free = (slot.clinician_id, stamp(slot.start)) not in taken
            if wanted and free and since < slot.start < until:
                found.append(slot)
        day += timedelta(days=1)
    return found[:limit]


async def rows(runtime: Runtime, statement: str, *values: Any) -> list[dict[str, Any]]:
    """Aggregates as documents: the stored state with its ids, status and version."""
    async with runtime.connection() as connection:
        found = await connection.fetch(statement, *values)
    return [
        msgspec.json.decode(row[5])
        | {
            "id": row[0],
            "patient_id": row[1],
            "referral_id": row[2],
            "version_of_row": row[3],
            "status": row[4],
        }
        for row in found
    ]
