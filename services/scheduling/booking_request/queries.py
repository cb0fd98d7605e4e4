"""Reads of booking requests for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Sequence

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.scheduling.appointment.queries import read
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST, BookingRequest

PAGE = """
-- Booking requests of a status, a person or both, in order of id, after the last one seen.
SELECT id::text, version, body::text, lane_key::text, pathway_id::text FROM booking_request
 WHERE ($1::text IS NULL OR status = $1)
   AND ($2::uuid[] IS NULL OR lane_key = ANY($2)) AND ($3::uuid IS NULL OR id > $3)
 ORDER BY id LIMIT $4
"""


async def page(
    runtime: Runtime, status: str | None, records: Sequence[str] | None, after: str | None, limit: int
) -> Sequence[Snapshot[BookingRequest]]:
    """Requests; one more than `limit` says that there are more."""
    return await read(runtime, BOOKING_REQUEST, PAGE, status, records, after, limit + 1)
