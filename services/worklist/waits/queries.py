"""What a report on waits reads, SQL as SQL: what is open, what was done and cancelled, when patients were away."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from services.worklist.waits.decide import Away, Stay

ENDED = """
-- What was completed or cancelled in a queue within a time, of one urgency category or of all; of what is done, how
-- many seconds it took from its first entry.
SELECT type, occurred_at, journal.lane_key::text, journal.pathway_id::text, (fact ->> 'item_wait_s')::bigint
  FROM journal JOIN item ON item.id = aggregate_id, LATERAL (SELECT convert_from(data, 'UTF8')::json AS fact) AS facts
 WHERE type IN ('worklist.item_completed.v1', 'worklist.item_cancelled.v1')
   AND occurred_at >= $2 AND occurred_at < $3 AND fact ->> 'queue' = $1
   AND ($4::text IS NULL OR body -> 'item' ->> 'category' = $4)
"""

AWAY = """
-- When patients were not available, by referral: the latest that was heard of each period.
SELECT DISTINCT ON (fact ->> 'period_id') pathway_id::text, fact ->> 'start', fact ->> 'end'
  FROM timeline, LATERAL (SELECT convert_from(data, 'UTF8')::json AS fact) AS facts
 WHERE lane_key = ANY($1::text[]::uuid[])
   AND type IN ('scheduling.unavailability_recorded.v1', 'scheduling.unavailability_ended.v1')
 ORDER BY fact ->> 'period_id', id DESC
"""


class Done(NamedTuple):
    """What ended in the window."""

    at: datetime
    patient_id: str | None
    referral_id: str | None
    seconds: int


async def ended(
    connection: Any, queue: str, since: datetime, until: datetime, urgency: str | None
) -> tuple[list[Done], int]:
    """What was done, and how much was cancelled."""
    rows = await connection.fetch(ENDED, queue, since, until, urgency)
    done = [Done(*row[1:]) for row in rows if row[0] == "worklist.item_completed.v1"]
    return done, len(rows) - len(done)


async def away(connection: Any, patients: Sequence[str], zone: ZoneInfo) -> Mapping[str, Sequence[Away]]:
    """By referral; days begin at the clinic's midnight."""
    found: dict[str, list[Away]] = defaultdict(list)
    for referral_id, start, end in await connection.fetch(AWAY, patients):
        if referral_id:
            found[referral_id].append(Away(midnight(start, zone), midnight(end, zone) if end else None))
    return found


def midnight(day: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), zone)


def stay(since: datetime, end: datetime | None, referral: str | None, absences: Mapping[str, Any]) -> Stay:
    return Stay(since, end, absences.get(referral or "", ()))
