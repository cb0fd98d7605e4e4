"""HTTP routes of investigations: ordered, not done, ordered again, cancelled, reported, read. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Staff, StaffOf
from backbone.http.calls import Calling
from backbone.http.identity import Caller
from backbone.http.resources import Actions, Resource, told
from backbone.http.routes import get, post
from backbone.ids import derive
from backbone.model import Route, Snapshot, one, together
from services.care_plan.investigation.aggregate import INVESTIGATION
from services.care_plan.investigation.commands import (
    CancelInvestigation,
    NoteNotDone,
    OrderAgain,
    OrderInvestigation,
    ReadInvestigation,
    ReportInvestigation,
)
from services.care_plan.investigation.documents import (
    InvestigationId,
    NewInvestigation,
    NotDone,
    NotWanted,
    OrderedAgain,
    WasRead,
)
from services.care_plan.investigation.states import Investigation

INVESTIGATIONS = Resource(INVESTIGATION)
This = Annotated[Snapshot[Investigation], StaffOf(INVESTIGATION, "investigation_id")]


async def order_investigation(call: Calling, caller: Staff, body: NewInvestigation) -> Response:
    """Asked for, with a day and with somebody who reads what it finds."""
    cause = call.cause()
    investigation_id = derive(cause.id, "investigation")
    command = OrderInvestigation(**body.model_dump(exclude={"patient_id"}))
    order = together(
        INVESTIGATION.send(command, to=one(investigation_id)),
        about=one(body.patient_id),
        pathway=one(body.referral_id),
    )
    return await call.give(order, answer=told({"investigation_id": investigation_id}), cause=cause)


async def get_investigation(caller: Caller, investigation: This) -> Response:
    """As it stands."""
    return INVESTIGATIONS.seen(investigation, caller)


async def get_investigation_actions(call: Calling, investigation: This) -> Response:
    """What may be done with this version now, and by whom."""
    return INVESTIGATIONS.actions(call, investigation)


async def note_not_investigated(call: Calling, investigation: This, body: NotDone) -> Response:
    """It was cancelled elsewhere, or the patient did not come: somebody sees to it."""
    return await INVESTIGATIONS.give(call, investigation, NoteNotDone(reason=body.reason))


async def order_investigation_again(call: Calling, investigation: This, body: OrderedAgain) -> Response:
    """It is to be done by another day."""
    return await INVESTIGATIONS.give(call, investigation, OrderAgain(due_on=body.due_on))


async def cancel_investigation(call: Calling, investigation: This, body: NotWanted) -> Response:
    """A clinician: it is not wanted any more."""
    return await INVESTIGATIONS.give(call, investigation, CancelInvestigation(reason=body.reason))


async def report_investigation(call: Calling, investigation: This) -> Response:
    """What it found has come: whoever answers for it reads it, also after a discharge."""
    return await INVESTIGATIONS.give(call, investigation, ReportInvestigation())


async def read_investigation(call: Calling, investigation: This, body: WasRead) -> Response:
    """Read by whoever answers for it, and how it goes on."""
    return await INVESTIGATIONS.give(call, investigation, ReadInvestigation(result=body.result))


PATH = "/investigations/{investigation_id}"
ROUTES: tuple[Route, ...] = (
    post("/investigations", order_investigation, InvestigationId, status=201),
    get(PATH, get_investigation, INVESTIGATION, reads="care"),
    get(f"{PATH}/actions", get_investigation_actions, Actions, reads="care"),
    post(f"{PATH}/not-done", note_not_investigated, INVESTIGATION),
    post(f"{PATH}/again", order_investigation_again, INVESTIGATION),
    post(f"{PATH}/cancel", cancel_investigation, INVESTIGATION),
    post(f"{PATH}/report", report_investigation, INVESTIGATION),
    post(f"{PATH}/read", read_investigation, INVESTIGATION),
)
