"""HTTP routes of times in which a patient is not available. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Mine, StaffOf, Themselves
from backbone.http.calls import Calling
from backbone.http.resources import Actions, Resource, told
from backbone.http.routes import get, post
from backbone.ids import derive
from backbone.model import Route, Snapshot, like, one, together
from services.scheduling.referral_record.aggregate import RECORD, BelongTo
from services.scheduling.unavailability.aggregate import (
    UNAVAILABILITY,
    DecideAbsence,
    EndUnavailability,
    RecordUnavailability,
    Unavailability,
)
from services.scheduling.unavailability.documents import Decision, End, NotAvailable, PeriodNamed

ABSENCES = Resource(UNAVAILABILITY)
Absence = Annotated[Snapshot[Unavailability], Mine(UNAVAILABILITY, "period_id")]


async def record_unavailability(
    call: Calling, patient: Annotated[str, Themselves("patient_id")], body: NotAvailable
) -> Response:
    """ATT-06: this time is deducted from the wait; beyond what a patient may enter, when somebody grants it."""
    cause = call.cause()
    period_id = derive(cause.id, "period")
    order = together(
        UNAVAILABILITY.send(like(RecordUnavailability, body), to=one(period_id)),
        RECORD.send(BelongTo(patient_id=patient), to=one(body.referral_id)),
        about=one(patient),
        pathway=one(body.referral_id),
    )
    return await call.give(order, answer=told({"period_id": period_id}), cause=cause)


async def get_unavailability_actions(call: Calling, period: Absence) -> Response:
    """Whether it can be decided or ended, and by whom."""
    return ABSENCES.actions(call, period)


async def end_unavailability(call: Calling, period: Absence, body: End) -> Response:
    """The end is known, or another one."""
    return await ABSENCES.give(call, period, like(EndUnavailability, body))


async def decide_absence(
    call: Calling,
    period: Annotated[Snapshot[Unavailability], StaffOf(UNAVAILABILITY, "period_id")],
    body: Decision,
) -> Response:
    """A coordinator grants or refuses a longer absence that the patient wishes for."""
    return await ABSENCES.give(call, period, like(DecideAbsence, body))


ROUTES: tuple[Route, ...] = (
    post("/patients/{patient_id}/unavailability", record_unavailability, PeriodNamed, status=201),
    get("/unavailability/{period_id}/actions", get_unavailability_actions, Actions, reads="visit"),
    post("/unavailability/{period_id}/end", end_unavailability, UNAVAILABILITY),
    post("/unavailability/{period_id}/decision", decide_absence, UNAVAILABILITY),
)
