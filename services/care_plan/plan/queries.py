"""Reads of plans for the API, SQL as SQL. Nothing is changed or decided here."""

from typing import NamedTuple

import msgspec

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.content import PlanText
from services.care_plan.plan.states import CarePlan, NoPlan

RUNNING_FIRST = """
-- The plans of a patient, the running one first.
SELECT id::text, version, body::text, pathway_id::text FROM care_plan
 WHERE lane_key = $1 ORDER BY open DESC, updated_at DESC LIMIT 1
"""


class Texts(NamedTuple):
    """What the plan says, and what it said in the version before."""

    before: PlanText
    now: PlanText


async def plan_of(runtime: Runtime, patient_id: str) -> Snapshot[CarePlan] | None:
    """The running plan of a patient, or the one that changed last."""
    async with runtime.connection() as connection:
        row = await connection.fetchrow(RUNNING_FIRST, patient_id)
    if row is None:
        return None
    state = CARE_PLAN.state_decoder.decode(row[2])
    return Snapshot(CARE_PLAN.kind, row[0], row[1], state, patient_id, row[3])


async def texts(runtime: Runtime, plan: Snapshot[CarePlan]) -> Texts:
    """What was erased is empty."""
    refs = () if isinstance(plan.state, NoPlan) else plan.state.course.refs[-2:]
    bodies = [await runtime.content(ref) for ref in refs]
    found = [msgspec.json.decode(body, type=PlanText) if body else PlanText() for body in bodies]
    return Texts(*[PlanText(), PlanText(), *found][-2:])
