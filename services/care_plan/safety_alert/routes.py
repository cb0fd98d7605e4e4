"""HTTP routes of safety alerts: a named clinician takes up, assesses and closes one. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import StaffOf
from backbone.http.calls import Calling, Document
from backbone.http.identity import Caller, Principal
from backbone.http.resources import Actions, Resource, state
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT, SafetyAlert
from services.care_plan.safety_alert.commands import AcknowledgeAlert, AssessAlert, CloseAlert
from services.care_plan.safety_alert.documents import AlertStanding, Assessment


def standing(alert: Snapshot[SafetyAlert], caller: Principal) -> Document:
    """How it stands, and whose it is. Every clinician may act; what was found is psychology, which `get_alert` alone
    shows: to those who may read it, recorded."""
    return {name: value for name, value in state(alert, caller).items() if name in STANDING}


STANDING = frozenset({"status", "patient_id", "referral_id"})
ALERTS = Resource(SAFETY_ALERT, standing)
Alert = Annotated[Snapshot[SafetyAlert], StaffOf(SAFETY_ALERT, "alert_id")]


async def get_alert(caller: Caller, alert: Alert) -> Response:
    """As it stands; what was found is among the contents."""
    return ALERTS.seen(alert, caller, **state(alert, caller))


async def get_alert_actions(call: Calling, alert: Alert) -> Response:
    """What may be done with this version now, and by whom."""
    return ALERTS.actions(call, alert)


async def acknowledge_alert(call: Calling, alert: Alert) -> Response:
    """Somebody takes it up."""
    return await ALERTS.give(call, alert, AcknowledgeAlert())


async def assess_alert(call: Calling, alert: Alert, body: Assessment) -> Response:
    """What was found, and with which tool. Assessing acknowledges."""
    return await ALERTS.give(call, alert, AssessAlert(**body.model_dump()))


async def close_alert(call: Calling, alert: Alert) -> Response:
    """It is dealt with."""
    return await ALERTS.give(call, alert, CloseAlert())


ROUTES: tuple[Route, ...] = (
    get("/safety-alerts/{alert_id}", get_alert, SAFETY_ALERT, reads="psychology"),
    get("/safety-alerts/{alert_id}/actions", get_alert_actions, Actions, reads="care"),
    post("/safety-alerts/{alert_id}/acknowledge", acknowledge_alert, AlertStanding),
    post("/safety-alerts/{alert_id}/assess", assess_alert, AlertStanding),
    post("/safety-alerts/{alert_id}/close", close_alert, AlertStanding),
)
