"""Reads of appointments for the API, SQL as SQL; and how rows of any kind are read. Nothing is changed or decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from backbone.engine.runtime import Runtime
from backbone.http.places import Place
from backbone.model import Aggregate, Snapshot
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.states import Appointment
from services.scheduling.slot.queries import stamp

S = TypeVar("S")

PAGE = """
-- Appointments of a person, or of everybody, from one instant to another, in order of start, after the last one seen.
SELECT id::text, version, body::text, lane_key::text, pathway_id::text FROM appointment
 WHERE ($1::uuid[] IS NULL OR lane_key = ANY($1))
   AND ($2::text IS NULL OR start_at >= $2) AND ($3::text IS NULL OR start_at < $3)
   AND ($4::text IS NULL OR (coalesce(start_at, ''), id) > ($4, $5::uuid))
 ORDER BY coalesce(start_at, ''), id LIMIT $6
"""


NOWHERE = (None, None)


async def page(
    runtime: Runtime,
    records: Sequence[str] | None,
    since: datetime | None,
    until: datetime | None,
    after: Place | None,
    limit: int,
) -> Sequence[Snapshot[Appointment]]:
    """Appointments; one more than `limit` says that there are more."""
    window = (stamp(since) if since else None, stamp(until) if until else None)
    return await read(runtime, APPOINTMENT, PAGE, records, *window, *(after or NOWHERE), limit + 1)


def place_of(appointment: Snapshot[Appointment]) -> Place:
    """As the list is sorted."""
    return Appointments.start_at.of(appointment.state) or "", appointment.id


async def read(
    runtime: Runtime, aggregate: Aggregate[S], statement: str, *values: str | int | Sequence[str] | None
) -> Sequence[Snapshot[S]]:
    """Aggregates of a statement that selects id, version, body, lane key and pathway id."""
    async with runtime.connection() as connection:
        rows = await connection.fetch(statement, *values)
    return await runtime.snapshots(aggregate, rows)
