"""Reads of timelines for the API. Nothing here changes anything or decides who may see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

TIMELINE = """
-- What the worklist consumed about a patient, in order of arrival, after a place.
SELECT id, type, occurred_at, aggregate_id::text, pathway_id::text, convert_from(headers, 'UTF8'), data
  FROM timeline WHERE lane_key = $1::uuid AND id > $2 ORDER BY id LIMIT $3
"""


class Happened(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact of a patient's timeline, as it arrived. `data` is the fact's JSON."""

    id: int
    type: str
    occurred_at: datetime
    aggregate_id: str
    referral_id: str | None
    actor_kind: str | None
    actor_id: str | None
    actor_role: str | None
    data: msgspec.Raw


async def timeline(connection: Any, patient_id: str, after: int, limit: int) -> Sequence[Happened]:
    """Facts of a patient; one more than `limit` says that there are more."""
    rows = await connection.fetch(TIMELINE, patient_id, after, limit + 1)
    return [happened(row) for row in rows]


def happened(row: Any) -> Happened:
    head = msgspec.json.decode(row[5])
    who = (head.get("ce_actorkind"), head.get("ce_actorid"), head.get("ce_actorrole"))
    return Happened(row[0], row[1], row[2], row[3], row[4], *who, msgspec.Raw(row[6]))
