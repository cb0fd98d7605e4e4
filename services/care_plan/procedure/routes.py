"""HTTP routes of procedures: ordered under a plan, performed, judged, cancelled. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Mine, Running, StaffOf
from backbone.http.calls import Calling
from backbone.http.identity import Caller
from backbone.http.resources import Actions, Resource, told
from backbone.http.routes import get, post
from backbone.ids import derive
from backbone.model import Route, Snapshot
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.states import CarePlan
from services.care_plan.procedure.aggregate import PROCEDURE
from services.care_plan.procedure.commands import (
    CancelProcedure,
    OrderProcedure,
    RecordOutcome,
    RecordPerformed,
)
from services.care_plan.procedure.documents import (
    Cancellation,
    NewProcedure,
    Performance,
    ProcedureId,
    ProcedureOutcome,
)
from services.care_plan.procedure.reactions import order
from services.care_plan.procedure.states import Procedure, WithCourse

PROCEDURES = Resource(PROCEDURE)
ThisProcedure = Annotated[Snapshot[Procedure], StaffOf(PROCEDURE, "procedure_id")]
Plan = Annotated[Snapshot[CarePlan], Mine(CARE_PLAN, "plan_id")]


async def order_procedure(call: Calling, plan: Plan, body: NewProcedure) -> Response:
    """A physician orders it; what a payer may not pay for asks a physician whether to go on."""
    cause = call.cause()
    procedure_id = derive(cause.id, "procedure")
    command = OrderProcedure(
        plan_id=plan.id,
        patient_id=plan.lane_key or "",
        referral_id=plan.pathway_id,
        **body.model_dump(),
    )
    answer = told({"procedure_id": procedure_id})
    return await call.give(order(plan, procedure_id, command), answer=answer, cause=cause)


async def get_procedure(running: Running, caller: Caller, procedure: ThisProcedure) -> Response:
    """How it stands; with the codes of the clinic's own pack, if it has one."""
    state, pack = procedure.state, running.rules.procedures.codes.values.codes
    codes = list(pack.get(state.order.family, ())) if isinstance(state, WithCourse) else []
    return PROCEDURES.seen(procedure, caller, billing_codes=codes)


async def get_procedure_actions(call: Calling, procedure: ThisProcedure) -> Response:
    """What may be done with this version now, and by whom."""
    return PROCEDURES.actions(call, procedure)


async def record_procedure_performed(call: Calling, procedure: ThisProcedure, body: Performance) -> Response:
    """It was done: calls after it and what it brought are now somebody's work."""
    return await PROCEDURES.give(call, procedure, RecordPerformed(**body.model_dump()))


async def record_procedure_outcome(
    call: Calling, procedure: ThisProcedure, body: ProcedureOutcome
) -> Response:
    """How much relief it brought, and for how long so far."""
    return await PROCEDURES.give(call, procedure, RecordOutcome(**body.model_dump()))


async def cancel_procedure(call: Calling, procedure: ThisProcedure, body: Cancellation) -> Response:
    """It is not going ahead."""
    return await PROCEDURES.give(call, procedure, CancelProcedure(reason=body.reason))


ROUTES: tuple[Route, ...] = (
    post("/plans/{plan_id}/procedures", order_procedure, ProcedureId, status=201),
    get("/procedures/{procedure_id}", get_procedure, PROCEDURE, reads="procedure"),
    get("/procedures/{procedure_id}/actions", get_procedure_actions, Actions, reads="care"),
    post("/procedures/{procedure_id}/performed", record_procedure_performed, PROCEDURE),
    post("/procedures/{procedure_id}/outcome", record_procedure_outcome, PROCEDURE),
    post("/procedures/{procedure_id}/cancel", cancel_procedure, PROCEDURE),
)
