"""Reads of plans for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.content import PlanText
from services.care_plan.plan.states import CarePlan, NoPlan

RUNNING_FIRST = """
-- The plans of a person, the running one first.
SELECT id::text, version, body::text, lane_key::text, pathway_id::text FROM care_plan
 WHERE lane_key = ANY($1::uuid[]) ORDER BY open DESC, updated_at DESC LIMIT 1
"""


class Texts(NamedTuple):
    """What the plan says, and what it said in the version before."""

    before: PlanText
    now: PlanText


async def plan_of(runtime: Runtime, records: Sequence[str]) -> Snapshot[CarePlan] | None:
    """The running plan of a person, or the one that changed last."""
    async with runtime.connection() as connection:
        row = await connection.fetchrow(RUNNING_FIRST, list(records))
    if row is None:
        return None
    state = CARE_PLAN.state_decoder.decode(row[2])
    return Snapshot(CARE_PLAN.kind, row[0], row[1], state, row[3], row[4])


async def texts(runtime: Runtime, plan: Snapshot[CarePlan]) -> Texts:
    """What was erased is empty."""
    refs = () if isinstance(plan.state, NoPlan) else plan.state.course.refs[-2:]
    bodies = [await runtime.content(ref) for ref in refs]
    found = [msgspec.json.decode(body, type=PlanText) if body else PlanText() for body in bodies]
    return Texts(*[PlanText(), PlanText(), *found][-2:])
