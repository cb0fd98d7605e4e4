"""Reads for the routes of consultations. Nothing is changed or decided here."""

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.care_plan.visit.aggregate import VISIT
from services.care_plan.visit.states import Visit


async def visit(runtime: Runtime, appointment_id: str) -> Snapshot[Visit] | None:
    """The appointment, if this service knows of it."""
    return await runtime.load(VISIT, appointment_id)
