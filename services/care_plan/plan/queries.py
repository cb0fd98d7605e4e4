"""Reads of plans for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from backbone.engine.runtime import Runtime, Told
from backbone.http.calls import Document
from backbone.model import Snapshot
from schemas.care_plan.v1.plan import PlanDrafted, PlanUpdated
from services.care_plan.activity.aggregate import ACTIVITY, Activities
from services.care_plan.activity.states import Activity
from services.care_plan.goal.aggregate import GOAL
from services.care_plan.goal.states import Goal
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.content import PlanText, difference
from services.care_plan.plan.states import CarePlan, NoPlan, Open

MOST_PLANS = 500
"""Of one person, looked at at once."""


class Texts(NamedTuple):
    """What the plan says, and what it said in the version before."""

    before: PlanText
    now: PlanText


async def plan_of(runtime: Runtime, records: Sequence[str]) -> Snapshot[CarePlan] | None:
    """The running plan of a person, or the one that changed last."""
    found = await runtime.begun(CARE_PLAN, records, None, MOST_PLANS)
    latest = sorted(found, key=lambda each: (isinstance(each[0].state, Open), each[1]))
    return latest[-1][0] if latest else None


async def open_work(runtime: Runtime, plan: Snapshot[CarePlan]) -> Sequence[Snapshot[Activity]]:
    """Activities of the referral that are open, of whichever plan."""
    if plan.pathway_id is None:
        return ()
    return await runtime.find(ACTIVITY, Activities.referral_id(plan.pathway_id), Activities.open)


async def versions(
    runtime: Runtime, plan: Snapshot[CarePlan], before: int | None, limit: int
) -> list[Document]:
    """The latest first: when and by whom each was written, and how it differs from the one before. One more than
    `limit` says that there are more; what was erased is empty."""
    if isinstance(plan.state, NoPlan):
        return []
    refs = plan.state.course.refs
    last = min(len(refs), before - 1) if before else len(refs)
    numbers = range(last, max(last - limit - 1, 0), -1)
    bodies = await runtime.contents([refs[no - 1] for no in range(max(last - limit - 1, 1), last + 1)])
    written = {ref: msgspec.json.decode(body, type=PlanText) for ref, body in bodies.items()}
    facts = await runtime.told([plan.id], PlanDrafted, PlanUpdated)
    by_number = {told.fact.plan_version: told for told in facts}

    def text(no: int) -> PlanText:
        return written.get(refs[no - 1], PlanText()) if no else PlanText()

    return [version(no, text(no - 1), text(no), by_number.get(no)) for no in numbers]


def version(number: int, before: PlanText, now: PlanText, told: Told | None) -> Document:
    when = {"at": msgspec.to_builtins(told.occurred_at), "by": told.actor_id} if told else {}
    return {"plan_version": number, **when, "reason": now.reason, "difference": difference(before, now)}


async def goals(runtime: Runtime, plan: Snapshot[CarePlan]) -> list[Document]:
    """As the present version says them, in its order, with how far the patient has come."""
    text = (await texts(runtime, plan)).now
    found = [await runtime.load(GOAL, each) for each in text.goal_ids]
    return [
        {"id": goal_id, "patient_id": plan.lane_key, **msgspec.to_builtins(goal), **standing(state)}
        for goal_id, goal, state in zip(text.goal_ids, text.goals, found, strict=True)
    ]


def standing(goal: Snapshot[Goal] | None) -> Document:
    said = msgspec.to_builtins(goal.state) if goal else {"status": "proposed"}
    return {name: said[name] for name in ("status", "level", "achievement") if name in said}


async def team(runtime: Runtime, plan: Snapshot[CarePlan]) -> list[Document]:
    """Who leads, and who has accepted work that has not ended."""
    if isinstance(plan.state, NoPlan):
        return []
    course, known = plan.state.course, runtime.rules.staff.by_id
    lead = [course.lead_id] if course.lead_id else []
    work: dict[str, list[str]] = {}
    for each in course.work:
        work.setdefault(each.owner_id, []).append(each.discipline)
    return [
        {
            "staff_id": staff_id,
            "name": known[staff_id].name if staff_id in known else None,
            "lead": staff_id == course.lead_id,
            "disciplines": list(dict.fromkeys(work.get(staff_id, ()))),
        }
        for staff_id in dict.fromkeys([*lead, *work])
    ]


async def texts(runtime: Runtime, plan: Snapshot[CarePlan]) -> Texts:
    """What was erased is empty."""
    refs = () if isinstance(plan.state, NoPlan) else plan.state.course.refs[-2:]
    bodies = [await runtime.content(ref) for ref in refs]
    found = [msgspec.json.decode(body, type=PlanText) if body else PlanText() for body in bodies]
    return Texts(*[PlanText(), PlanText(), *found][-2:])
