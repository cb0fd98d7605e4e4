"""HTTP routes of care plans: a draft, its versions, reviews, discharge. No rules."""

from typing import Annotated

import msgspec
from fastapi import Query
from fastapi.responses import Response

from backbone.http.access import Mine, Records, Running, Staff
from backbone.http.calls import Calling, Knowing
from backbone.http.disclosure import Reads, may_read
from backbone.http.identity import Caller
from backbone.http.problems import not_found
from backbone.http.resources import Actions, Resource, reading, told
from backbone.http.routes import get, patch, post
from backbone.ids import derive
from backbone.model import Route, Snapshot
from services.care_plan.activity.aggregate import ACTIVITY, Activities
from services.care_plan.activity.documents import Why
from services.care_plan.activity.routes import ACTIVITIES
from services.care_plan.activity.states import activity_status
from services.care_plan.plan import queries
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.commands import (
    AcceptHandover,
    ActivatePlan,
    DeclineDischarge,
    DeclineHandover,
    Discharge,
    HoldPlan,
    MarkPlanInError,
    OfferHandover,
    OpenPifu,
    ResumePlan,
    ReviewPlan,
    RevokePlan,
    UsePifu,
    WithdrawHandover,
)
from services.care_plan.plan.content import difference, identified
from services.care_plan.plan.documents import (
    Activation,
    ActivityList,
    Change,
    DecliningDischarge,
    Discharging,
    GoalList,
    Holding,
    NewPlan,
    OfferedTo,
    PlanIds,
    PlanReview,
    PlanVersions,
    Team,
    shown,
    status_of,
)
from services.care_plan.plan.reactions import activate, draft, end, review, update
from services.care_plan.plan.states import CarePlan

PLANS, WHOLE = Resource(CARE_PLAN, status_of), Resource(CARE_PLAN)
"""`WHOLE`: with goals and risk, for those alone who may read plans (PRV-13)."""
Plan = Annotated[Snapshot[CarePlan], Mine(CARE_PLAN, "plan_id")]


def plans_for(reads: Reads) -> Resource[CarePlan]:
    return WHOLE if may_read(reads, "plan") else PLANS


async def get_patient_plan(
    running: Running, caller: Caller, reads: Reads, records: Annotated[tuple[str, ...], Records("patient_id")]
) -> Response:
    """The patient's plan as it stands; goals as they count for those who read plans. Patients see their own."""
    found = await queries.plan_of(running, records)
    if found is None:
        raise not_found("plan")
    return plans_for(reads).seen(found, caller)


async def get_plan(running: Running, caller: Caller, plan: Plan) -> Response:
    """The plan with its present text and what the last version changed."""
    return WHOLE.seen(plan, caller, **shown(*await queries.texts(running, plan)))


async def get_plan_actions(call: Calling, plan: Plan) -> Response:
    """What may be done with this version now, and by whom."""
    return PLANS.actions(call, plan)


async def list_plan_versions(
    running: Running,
    plan: Plan,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[int | None, Query(ge=1, le=1_000_000, description="`next` of the page before")] = None,
) -> Response:
    """What each version changed, the latest first."""
    found = await queries.versions(running, plan, cursor, limit)
    following = {"next": found[limit - 1]["plan_version"]} if len(found) > limit else {}
    return reading({"patient_id": plan.lane_key, "versions": found[:limit], **following})


async def list_goals(running: Running, plan: Plan) -> Response:
    """In the patient's words, with baseline and level."""
    return reading({"patient_id": plan.lane_key, "goals": await queries.goals(running, plan)})


async def list_activities(running: Running, caller: Caller, plan: Plan) -> Response:
    """What was ordered of which discipline, with both statuses."""
    found = await running.find(ACTIVITY, Activities.plan_id(plan.id))
    shown = [
        ACTIVITIES.document(each, caller) | {"activity_status": activity_status(each.state)}
        for each in sorted(found, key=lambda each: each.id)
    ]
    return reading({"patient_id": plan.lane_key, "activities": shown})


async def get_team(running: Running, plan: Plan) -> Response:
    """Who works on it: the lead, and the owners of accepted work."""
    return reading({"patient_id": plan.lane_key, "team": await queries.team(running, plan)})


async def draft_plan(call: Calling, caller: Staff, body: NewPlan) -> Response:
    """Goals agreed with the patient and work for disciplines (CON-01)."""
    cause = call.cause()
    plan_id = derive(cause.id, "plan")
    text = identified(plan_id, body.written)
    ids = {"plan_id": plan_id, "goal_ids": text.goal_ids, "activity_ids": text.activity_ids}
    order = draft(plan_id, body.patient_id, body.referral_id, text)
    return await call.give(order, answer=told(ids), cause=cause)


async def activate_plan(call: Calling, plan: Plan, body: Activation) -> Response:
    """The patient agreed: every activity is ordered in the same act."""
    text = (await queries.texts(call.runtime, plan)).now
    command = ActivatePlan(disciplines=text.disciplines, **body.model_dump())
    standing = await queries.open_work(call.runtime, plan)
    return await PLANS.order(call, activate(plan, command, text, standing, call.expecting))


async def update_plan(plan: Plan, call: Knowing, body: Change) -> Response:
    """A new version. Needs If-Match; who saw an older one is refused and shown what changed since."""
    expecting, known = call.seen(), await queries.texts(call.runtime, plan)
    standing = await queries.open_work(call.runtime, plan)
    answer = await PLANS.order(call, update(plan, known.now, body.written, standing, expecting))
    if answer.status_code != 412:
        return answer
    problem = msgspec.json.decode(answer.body) | {"difference": difference(*known)}
    return Response(msgspec.json.encode(problem), 412, media_type=answer.media_type)


async def offer_handover(call: Calling, plan: Plan, body: OfferedTo) -> Response:
    """Another clinician is asked to lead it. Until they accept it stays where it is."""
    return await PLANS.give(call, plan, OfferHandover(**body.model_dump()))


async def accept_handover(call: Calling, plan: Plan) -> Response:
    """Whoever was asked takes it over."""
    return await PLANS.give(call, plan, AcceptHandover())


async def decline_handover(call: Calling, plan: Plan) -> Response:
    """Whoever was asked does not take it over: somebody else is to be asked."""
    return await PLANS.give(call, plan, DeclineHandover())


async def withdraw_handover(call: Calling, plan: Plan) -> Response:
    """Nobody is asked any more: who has it keeps it."""
    return await PLANS.give(call, plan, WithdrawHandover())


async def hold_plan(call: Calling, plan: Plan, body: Holding) -> Response:
    """Until `review_on`, when somebody looks."""
    return await PLANS.give(call, plan, HoldPlan(**body.model_dump()))


async def resume_plan(call: Calling, plan: Plan) -> Response:
    """It goes on."""
    return await PLANS.give(call, plan, ResumePlan())


async def revoke_plan(call: Calling, plan: Plan, body: Why) -> Response:
    """The patient does not want it any more."""
    return await PLANS.give(call, plan, RevokePlan(reason=body.reason))


async def mark_plan_in_error(call: Calling, plan: Plan, body: Why) -> Response:
    """It should never have been."""
    return await PLANS.give(call, plan, MarkPlanInError(reason=body.reason))


async def review_plan(call: Calling, plan: Plan, body: PlanReview) -> Response:
    """Levels of goals and how it goes on, in one act."""
    levels = {each.goal_id: each.level for each in body.goals}
    command = ReviewPlan(result=body.result, next_review=body.next_review, met=body.checklist, note=body.note)
    return await PLANS.order(call, review(plan, levels, command, call.expecting))


async def open_pifu(call: Calling, plan: Plan) -> Response:
    """Patient-initiated follow-up is agreed: the plan is completed, the window open."""
    return await PLANS.order(call, end(plan, OpenPifu(), call.expecting))


async def use_pifu(call: Calling, plan: Plan) -> Response:
    """The patient called."""
    return await PLANS.give(call, plan, UsePifu())


async def discharge_patient(call: Calling, plan: Plan, body: Discharging) -> Response:
    """A physician confirms; what is missing is named (DIS-01)."""
    command = Discharge(met=body.checklist, **body.model_dump(exclude={"checklist"}))
    return await PLANS.order(call, end(plan, command, call.expecting))


async def decline_discharge(call: Calling, plan: Plan, body: DecliningDischarge) -> Response:
    """Not now: care goes on."""
    return await PLANS.give(call, plan, DeclineDischarge(**body.model_dump()))


ROUTES: tuple[Route, ...] = (
    get("/patients/{patient_id}/plan", get_patient_plan, CARE_PLAN, reads="care"),
    post("/plans", draft_plan, PlanIds, status=201),
    get("/plans/{plan_id}", get_plan, CARE_PLAN, reads="plan"),
    get("/plans/{plan_id}/versions", list_plan_versions, PlanVersions, reads="plan"),
    get("/plans/{plan_id}/goals", list_goals, GoalList, reads="plan"),
    get("/plans/{plan_id}/activities", list_activities, ActivityList, reads="care"),
    get("/plans/{plan_id}/team", get_team, Team, reads="care"),
    get("/plans/{plan_id}/actions", get_plan_actions, Actions, reads="care"),
    post("/plans/{plan_id}/activate", activate_plan, CARE_PLAN),
    patch("/plans/{plan_id}", update_plan, CARE_PLAN),
    post("/plans/{plan_id}/handover", offer_handover, CARE_PLAN),
    post("/plans/{plan_id}/handover/accept", accept_handover, CARE_PLAN),
    post("/plans/{plan_id}/handover/decline", decline_handover, CARE_PLAN),
    post("/plans/{plan_id}/handover/withdraw", withdraw_handover, CARE_PLAN),
    post("/plans/{plan_id}/hold", hold_plan, CARE_PLAN),
    post("/plans/{plan_id}/resume", resume_plan, CARE_PLAN),
    post("/plans/{plan_id}/revoke", revoke_plan, CARE_PLAN),
    post("/plans/{plan_id}/mark-in-error", mark_plan_in_error, CARE_PLAN),
    post("/plans/{plan_id}/review", review_plan, CARE_PLAN),
    post("/plans/{plan_id}/pifu", open_pifu, CARE_PLAN),
    post("/pifu/{plan_id}/use", use_pifu, CARE_PLAN),
    post("/plans/{plan_id}/discharge", discharge_patient, CARE_PLAN),
    post("/plans/{plan_id}/discharge/decline", decline_discharge, CARE_PLAN),
)
