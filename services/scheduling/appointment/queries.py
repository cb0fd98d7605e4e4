"""Reads of appointments for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Sequence
from datetime import datetime

from backbone.engine.runtime import Runtime
from backbone.http.places import Place
from backbone.model import Snapshot
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.states import Appointment
from services.scheduling.slot.queries import stamp

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
    return await runtime.query(APPOINTMENT, PAGE, records, *window, *(after or NOWHERE), limit + 1)


def place_of(appointment: Snapshot[Appointment]) -> Place:
    """As the list is sorted."""
    return Appointments.start_at.of(appointment.state) or "", appointment.id
