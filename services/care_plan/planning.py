"""Routes of care plans and goals: a draft, its versions, reviews, discharge. No rules."""

from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from backbone.engine.runtime import Runtime
from backbone.http.calls import Calling, load
from backbone.http.identity import Caller
from backbone.http.problems import checked_id
from backbone.ids import derive
from backbone.model import Send, Snapshot, one, together
from services.care_plan.answering import belonging, changed, give, own, seen, told
from services.care_plan.differences import between, changes, merged, text_of
from services.care_plan.documents import (
    Activation,
    Change,
    Discharging,
    Holding,
    Letter,
    NewActivity,
    NewGoal,
    NewPlan,
    PlanReviewing,
    Reason,
)
from services.care_plan.domain.activity.aggregate import ACTIVITY
from services.care_plan.domain.activity.states import Order as Ordered
from services.care_plan.domain.activity.states import OrderActivity
from services.care_plan.domain.goal import GOAL, AssessGoal, CloseGoal, SetGoal
from services.care_plan.domain.plan.aggregate import CARE_PLAN
from services.care_plan.domain.plan.commands import (
    ActivatePlan,
    DeclineDischarge,
    Discharge,
    DraftPlan,
    HoldPlan,
    OpenPifu,
    RecordLevels,
    ResumePlan,
    ReviewPlan,
    RevokePlan,
    SignDischargeLetter,
    UpdatePlan,
    UsePifu,
)
from services.care_plan.domain.plan.states import GoalLine


def plan_routes() -> APIRouter:
    """Everything about plans."""
    router = APIRouter(tags=["plans"])
    reading_routes(router)
    drafting_routes(router)
    activating_routes(router)
    updating_routes(router)
    running_routes(router)
    pifu_routes(router)
    discharge_routes(router)
    return router


def reading_routes(router: APIRouter) -> None:
    @router.get("/plans/{plan_id}")
    async def plan(request: Request, caller: Caller, plan_id: str) -> Response:
        """The plan with its present text and what the last version changed."""
        runtime: Runtime = request.app.state.runtime
        snapshot = own(caller, await load(runtime, CARE_PLAN, checked_id(plan_id)))
        return seen(snapshot, **await texts(runtime, snapshot))


async def texts(runtime: Runtime, snapshot: Snapshot[Any]) -> dict[str, Any]:
    """The present text, and how it differs from the one before."""
    refs = getattr(getattr(snapshot.state, "course", None), "refs", ())
    bodies = [await runtime.content(ref) for ref in refs[-2:]]
    decoded = [msgspec.json.decode(body) if body else {} for body in bodies]
    if not decoded:
        return {}
    before = decoded[0] if len(decoded) == 2 else {}
    return {"text": decoded[-1], "difference": between(before, decoded[-1])}


def drafting_routes(router: APIRouter) -> None:
    @router.post("/plans", status_code=201)
    async def draft(call: Calling, body: NewPlan) -> Response:
        """Goals agreed with the patient and work for disciplines (CON-01)."""
        cause = call.cause()
        plan_id = derive(cause.id, "plan")
        goals, goal_ids = new_goals(plan_id, body.goals, 1)
        activity_ids = [derive(plan_id, f"activity:{no}") for no, _ in enumerate(body.activities, start=1)]
        command = DraftPlan(
            body=text_of(body, goal_ids, activity_ids),
            goals=lines(goal_ids, body.goals),
            activities=tuple(activity_ids),
            consultation_id=body.consultation_id,
        )
        order = together(
            *goals,
            CARE_PLAN.send(command, to=one(plan_id)),
            about=one(body.patient_id),
            pathway=one(body.referral_id),
        )
        ids = {"plan_id": plan_id, "goal_ids": goal_ids, "activity_ids": activity_ids}
        return await call.give(order, answer=told(ids), cause=cause)


def activating_routes(router: APIRouter) -> None:
    @router.post("/plans/{plan_id}/activate")
    async def activate(call: Calling, plan_id: str, body: Activation) -> Response:
        """The patient agreed: every activity is ordered in the same act."""
        snapshot = own(call.caller, await load(call.runtime, CARE_PLAN, checked_id(plan_id)))
        text = (await texts(call.runtime, snapshot)).get("text", {})
        drafted = [NewActivity.model_validate(each) for each in text.get("activities", ())]
        command = ActivatePlan(
            patient_agreement=body.patient_agreement,
            disciplines=tuple(dict.fromkeys(each.discipline for each in drafted)),
            lead_id=body.lead_id,
            review_on=body.review_on,
        )
        ids = text.get("activity_ids", ())
        order = together(
            CARE_PLAN.send(command, to=one(snapshot.id), expecting=call.expecting),
            *orders(snapshot.id, drafted, ids),
            **belonging(snapshot),
        )
        return await call.give(order, answer=changed(CARE_PLAN))


def updating_routes(router: APIRouter) -> None:
    @router.patch("/plans/{plan_id}")
    async def update(call: Calling, plan_id: str, body: Change) -> Response:
        """A new version. Needs If-Match; who saw an older one is refused and shown what changed since."""
        snapshot = own(call.caller, await load(call.runtime, CARE_PLAN, checked_id(plan_id)))
        expecting = call.seen()
        known = await texts(call.runtime, snapshot)
        first = len(getattr(snapshot.state.course, "goals", ())) + 1
        goals, goal_ids = new_goals(snapshot.id, body.goals_add, first)
        number = len(snapshot.state.course.activities)
        ids = [derive(snapshot.id, f"activity:{number + no}") for no, _ in enumerate(body.activities_add, 1)]
        text = merged(known.get("text", {}), body, goal_ids, ids)
        command = UpdatePlan(
            body=msgspec.json.encode(text).decode(),
            changed=changes(body),
            goals=lines(goal_ids, body.goals_add),
            activities=tuple(ids),
        )
        order = together(
            CARE_PLAN.send(command, to=one(snapshot.id), expecting=expecting),
            *goals,
            *orders(snapshot.id, body.activities_add, ids),
            **belonging(snapshot),
        )
        return with_difference(await call.give(order, answer=changed(CARE_PLAN)), known)


def with_difference(response: Response, known: dict[str, Any]) -> Response:
    """Who came too late is shown what the last version changed."""
    if response.status_code != 412:
        return response
    shown = msgspec.json.decode(response.body) | {"difference": known.get("difference")}
    return Response(msgspec.json.encode(shown), 412, media_type=response.media_type)


def new_goals(plan_id: str, goals: Sequence[NewGoal], first: int) -> tuple[list[Send], list[str]]:
    ids = [derive(plan_id, f"goal:{no}") for no in range(first, first + len(goals))]
    sends = [
        GOAL.send(
            SetGoal(
                plan_id=plan_id,
                text=goal.text,
                weight=goal.weight,
                baseline_level=goal.baseline_level,
                domain=goal.domain,
                target_on=goal.target_on,
            ),
            to=one(goal_id),
        )
        for goal, goal_id in zip(goals, ids, strict=True)
    ]
    return sends, ids


def lines(ids: Sequence[str], goals: Sequence[NewGoal]) -> tuple[GoalLine, ...]:
    return tuple(
        GoalLine(goal_id, goal.weight, goal.baseline_level) for goal_id, goal in zip(ids, goals, strict=True)
    )


def orders(plan_id: str, activities: Sequence[NewActivity], ids: Sequence[str]) -> list[Send]:
    return [
        ACTIVITY.send(
            OrderActivity(order=Ordered(plan_id=plan_id, **each.model_dump(mode="python"))),
            to=one(activity_id),
        )
        for each, activity_id in zip(activities, ids, strict=True)
    ]


def running_routes(router: APIRouter) -> None:
    @router.post("/plans/{plan_id}/hold")
    async def hold(call: Calling, plan_id: str, body: Holding) -> Response:
        """Until `review_on`, when somebody looks."""
        return await give(call, CARE_PLAN, plan_id, HoldPlan(reason=body.reason, review_on=body.review_on))

    @router.post("/plans/{plan_id}/resume")
    async def resume(call: Calling, plan_id: str) -> Response:
        return await give(call, CARE_PLAN, plan_id, ResumePlan())

    @router.post("/plans/{plan_id}/revoke")
    async def revoke(call: Calling, plan_id: str, body: Reason) -> Response:
        """The patient does not want it any more."""
        return await give(call, CARE_PLAN, plan_id, RevokePlan(reason=body.reason))

    @router.post("/plans/{plan_id}/review")
    async def review(call: Calling, plan_id: str, body: PlanReviewing) -> Response:
        """Levels of goals and how it goes on, in one act."""
        snapshot = own(call.caller, await load(call.runtime, CARE_PLAN, checked_id(plan_id)))
        ids = tuple(each.goal_id for each in body.goals)
        recorded = RecordLevels(goals=ids, levels=tuple(each.level for each in body.goals))
        command = ReviewPlan(
            result=body.result, next_review=body.next_review, met=body.checklist, note=body.note
        )
        first = [CARE_PLAN.send(recorded, to=one(snapshot.id))] if ids else []
        order = together(
            *first,
            *(GOAL.send(AssessGoal(level=each.level), to=one(each.goal_id)) for each in body.goals),
            CARE_PLAN.send(command, to=one(snapshot.id)),
        )
        return await call.give(order, answer=changed(CARE_PLAN))


def pifu_routes(router: APIRouter) -> None:
    @router.post("/plans/{plan_id}/pifu")
    async def open_pifu(call: Calling, plan_id: str) -> Response:
        """Patient-initiated follow-up is agreed: the plan is completed, the window open."""
        return await give(call, CARE_PLAN, plan_id, OpenPifu())

    @router.post("/pifu/{plan_id}/use")
    async def use_pifu(call: Calling, plan_id: str) -> Response:
        """The patient called."""
        return await give(call, CARE_PLAN, plan_id, UsePifu())


def discharge_routes(router: APIRouter) -> None:
    @router.post("/plans/{plan_id}/discharge/letter/sign")
    async def sign(call: Calling, plan_id: str, body: Letter) -> Response:
        """The summary letter (DIS-01)."""
        command = SignDischargeLetter(audience=body.audience, text=body.text)
        return await give(call, CARE_PLAN, plan_id, command)

    @router.post("/plans/{plan_id}/discharge")
    async def discharge(call: Calling, plan_id: str, body: Discharging) -> Response:
        """A physician confirms; what is missing is named (DIS-01)."""
        snapshot = own(call.caller, await load(call.runtime, CARE_PLAN, checked_id(plan_id)))
        command = Discharge(
            reason=body.reason, to=body.to, handover_prescriber=body.handover_prescriber, met=body.checklist
        )
        goals = getattr(getattr(snapshot.state, "course", None), "goals", ())
        order = together(
            *(GOAL.send(CloseGoal(), to=one(goal.goal_id)) for goal in goals),
            CARE_PLAN.send(command, to=one(snapshot.id), expecting=call.expecting),
        )
        return await call.give(order, answer=changed(CARE_PLAN))

    @router.post("/plans/{plan_id}/discharge/decline")
    async def decline(call: Calling, plan_id: str, body: Reason) -> Response:
        """Not now."""
        return await give(call, CARE_PLAN, plan_id, DeclineDischarge(reason=body.reason))
