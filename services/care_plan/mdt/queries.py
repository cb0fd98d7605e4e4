"""Reads for the routes of the team. Nothing is changed or decided here."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from backbone.engine.runtime import Runtime
from backbone.http.calls import Document
from backbone.model import Snapshot
from services.care_plan.mdt.aggregate import MDT_ACTION, MDT_CASE, MdtActions, MdtCases
from services.care_plan.mdt.decide.case import URGENCY
from services.care_plan.mdt.states import Listed, MdtCase, OpenTask

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


async def agenda(runtime: Runtime, meeting_id: str, today: date) -> Document:
    """What the team looks at: its cases, and what earlier meetings asked for and nobody did yet."""
    listed = await undecided(runtime, meeting_id)
    found = await runtime.find(MDT_ACTION, MdtActions.open)
    left = [(each, each.state) for each in found if isinstance(each.state, OpenTask)]
    left.sort(key=lambda pair: (pair[1].due_on, pair[0].id))
    actions = [
        {
            "action_id": each.id,
            "patient_id": each.lane_key,
            "overdue": task.due_on < today,
            **{
                name: getattr(task, name) for name in ("case_id", "kind", "due_on", "owner_queue", "owner_id")
            },
        }
        for each, task in left[:MOST]
    ]
    of_case = [task.case_id for _, task in left]
    cases = [
        {
            "case_id": each.id,
            "patient_id": each.lane_key,
            "reasons": case.reasons,
            "priority": case.priority,
            "questions": case.questions,
            "open_actions": of_case.count(each.id),
        }
        for each, case in sorted(
            ((each, each.state) for each in listed if isinstance(each.state, Listed)),
            key=lambda pair: (URGENCY[pair[1].priority], pair[0].id),
        )
    ]
    document = {"cases": cases, "actions": actions, "more_actions": len(left) > MOST}
    built: Document = msgspec.to_builtins(document)
    return built
