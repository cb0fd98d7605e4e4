"""Reads for the API, SQL as SQL. Nothing is changed or decided here."""

from typing import Any

import msgspec

from backbone.engine.runtime import Runtime

OPEN_PLAN = """
-- The plans of a patient, the running one first.
SELECT id::text, version, status, body::text FROM care_plan
 WHERE lane_key = $1 ORDER BY open DESC, updated_at DESC LIMIT 10
"""


async def plans_of(runtime: Runtime, patient_id: str) -> list[dict[str, Any]]:
    """Plans of a patient as they stand."""
    async with runtime.connection() as connection:
        rows = await connection.fetch(OPEN_PLAN, patient_id)
    return [msgspec.json.decode(row[3]) | {"id": row[0], "version": row[1], "status": row[2]} for row in rows]
