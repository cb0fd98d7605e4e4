"""HTTP routes of plans for antithrombotics: drafted, agreed, signed; patients read what was signed. No rules."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from backbone.http.access import Records, Running, Staff
from backbone.http.calls import Calling
from backbone.http.disclosure import Reads
from backbone.http.identity import Caller
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import Actions, Resource, reading
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot
from services.care_plan.antithrombotic_plan import queries
from services.care_plan.antithrombotic_plan.aggregate import ANTITHROMBOTIC_PLAN
from services.care_plan.antithrombotic_plan.commands import (
    Choice,
    DraftPlan,
    RecordAgreement,
    SignPlan,
    StateRenalFunction,
)
from services.care_plan.antithrombotic_plan.documents import (
    Agreement,
    Drafting,
    HoldTexts,
    Kidneys,
    Signature,
)
from services.care_plan.antithrombotic_plan.states import AntithromboticPlan, plan_id

PLANS = Resource(ANTITHROMBOTIC_PLAN)


async def of_procedure(
    running: Running, caller: Staff, reads: Reads, procedure_id: str
) -> Snapshot[AntithromboticPlan]:
    """The plan of a procedure that was ordered. Raises Problem 404."""
    found = await running.load(ANTITHROMBOTIC_PLAN, plan_id(checked_id(procedure_id)))
    if found is None:
        raise not_found("procedure")
    if reads is not None:
        reads.name(found.lane_key)
        await reads.of(found.lane_key)
    return found


ThisPlan = Annotated[Snapshot[AntithromboticPlan], Depends(of_procedure)]


async def get_antithrombotic_plan(caller: Staff, plan: ThisPlan) -> Response:
    """As it stands, line by line."""
    return PLANS.seen(plan, caller)


async def get_hold_plan_actions(call: Calling, plan: ThisPlan) -> Response:
    """What may be done with this version now, and by whom."""
    return PLANS.actions(call, plan)


async def list_hold_texts(
    running: Running, caller: Caller, person: Annotated[tuple[str, ...], Records("patient_id")]
) -> Response:
    """What was signed for dates that still stand. Patients read their own."""
    return reading({"plans": await queries.signed_for(running, person)})


async def draft_antithrombotic_plan(call: Calling, plan: ThisPlan, body: Drafting) -> Response:
    """A line for each drug, as the table has it or as a proceduralist says."""
    choices = tuple(Choice(**each.model_dump()) for each in body.choices)
    return await PLANS.give(call, plan, DraftPlan(choices=choices))


async def record_hold_agreement(call: Calling, plan: ThisPlan, body: Agreement) -> Response:
    """Who prescribes the drug agreed to the hold."""
    return await PLANS.give(call, plan, RecordAgreement(**body.model_dump()))


async def state_renal_function(call: Calling, plan: ThisPlan, body: Kidneys) -> Response:
    """The kidneys, of whom the plan is: every plan of the person that went by others is not valid any more."""
    return await PLANS.give(call, plan, StateRenalFunction(**body.model_dump()))


async def sign_antithrombotic_plan(call: Calling, plan: ThisPlan, body: Signature) -> Response:
    """For one version of one date. The patient is told that there is something to read."""
    return await PLANS.give(call, plan, SignPlan(**body.model_dump()))


PATH = "/procedures/{procedure_id}/antithrombotic-plan"
ROUTES: tuple[Route, ...] = (
    get(PATH, get_antithrombotic_plan, ANTITHROMBOTIC_PLAN, reads="medicines"),
    get(f"{PATH}/actions", get_hold_plan_actions, Actions, reads="care"),
    get("/patients/{patient_id}/hold-texts", list_hold_texts, HoldTexts, reads="hold_plan"),
    post(f"{PATH}/draft", draft_antithrombotic_plan, ANTITHROMBOTIC_PLAN),
    post(f"{PATH}/agree", record_hold_agreement, ANTITHROMBOTIC_PLAN),
    post(f"{PATH}/renal-function", state_renal_function, ANTITHROMBOTIC_PLAN),
    post(f"{PATH}/sign", sign_antithrombotic_plan, ANTITHROMBOTIC_PLAN),
)
