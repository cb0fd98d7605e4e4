"""Reads for the routes of the team. Nothing is changed or decided here."""

from collections.abc import Sequence
from typing import Any

import msgspec

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.care_plan.mdt.aggregate import MDT_CASE, MdtCases
from services.care_plan.mdt.states import MdtCase

AHEAD = """
-- Meetings that take cases or decide now, in order of start.
SELECT id::text, version, body::text FROM mdt_meeting WHERE status IN ('scheduled', 'open')
 ORDER BY body->>'start', id LIMIT $1
"""
MOST = 100


async def ahead(runtime: Runtime) -> list[dict[str, Any]]:
    """Meetings that are not over. There are few: one a week, as far as anybody plans."""
    async with runtime.connection() as connection:
        rows = await connection.fetch(AHEAD, MOST)
    return [{**msgspec.json.decode(row[2]), "id": row[0], "version": row[1]} for row in rows]


async def undecided(runtime: Runtime, meeting_id: str) -> Sequence[Snapshot[MdtCase]]:
    """Cases that are on the agenda of a meeting."""
    return await runtime.find(MDT_CASE, MdtCases.meeting_id(meeting_id))
