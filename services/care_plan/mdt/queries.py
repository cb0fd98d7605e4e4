"""Reads for the routes of the team. Nothing is changed or decided here."""

from collections.abc import Sequence

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.care_plan.mdt.aggregate import MDT_CASE, MdtCases
from services.care_plan.mdt.states import MdtCase


async def undecided(runtime: Runtime, meeting_id: str) -> Sequence[Snapshot[MdtCase]]:
    """Cases that are on the agenda of a meeting."""
    return await runtime.find(MDT_CASE, MdtCases.meeting_id(meeting_id))
