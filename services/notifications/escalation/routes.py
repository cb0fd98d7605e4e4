"""HTTP routes of escalations: what waits for an answer, its history, and who took it up by telephone. No rules."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from backbone.http.access import Running, Staff, StaffOf
from backbone.http.calls import Calling, answer_with, response_of
from backbone.http.history import history
from backbone.http.identity import Caller
from backbone.http.places import Pages, Paging, write_place
from backbone.http.resources import Actions, Resource, page
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot
from services.notifications.escalation import queries
from services.notifications.escalation.aggregate import ESCALATION
from services.notifications.escalation.commands import RecordCall
from services.notifications.escalation.documents import (
    Call,
    EscalationDocument,
    EscalationHistory,
    EscalationPage,
    shown,
    without_codes,
)
from services.notifications.escalation.states import Escalation

ESCALATIONS = Resource(ESCALATION, shown)
Asked = Annotated[Paging, Depends(Pages(3))]
ThisEscalation = Annotated[Snapshot[Escalation], StaffOf(ESCALATION, "escalation_id")]


async def list_escalations(running: Running, caller: Staff, asked: Asked) -> Response:
    """Every open one, with its level and its deadline."""
    found = (await queries.open_escalations(running, asked.after))[: asked.limit + 1]
    cursors = [write_place(queries.standing(each)) for each in found]
    return page("escalations", [ESCALATIONS.document(each, caller) for each in found], asked.limit, cursors)


async def get_escalation(caller: Caller, escalation: ThisEscalation) -> Response:
    """One, open or resolved."""
    return ESCALATIONS.seen(escalation, caller)


async def get_escalation_history(running: Running, escalation: ThisEscalation) -> Response:
    """Everything that happened, oldest first: who was called when, who answered."""
    changes = without_codes(await history(running, ESCALATION.kind, escalation.id))
    return response_of(answer_with(escalation, {"escalation_id": escalation.id, "changes": changes}))


async def get_escalation_actions(call: Calling, escalation: ThisEscalation) -> Response:
    """What may be done with it now, and by whom."""
    return ESCALATIONS.actions(call, escalation)


async def record_escalation_call(call: Calling, escalation: ThisEscalation, body: Call) -> Response:
    """Somebody on the ladder said by telephone that they take it up."""
    return await ESCALATIONS.give(call, escalation, RecordCall(by_id=body.by_id))


ROUTES: tuple[Route, ...] = (
    get("/escalations", list_escalations, EscalationPage, reads="work"),
    get("/escalations/{escalation_id}", get_escalation, EscalationDocument, reads="work"),
    get("/escalations/{escalation_id}/history", get_escalation_history, EscalationHistory, reads="work"),
    get("/escalations/{escalation_id}/actions", get_escalation_actions, Actions, reads="work"),
    post("/escalations/{escalation_id}/calls", record_escalation_call, EscalationDocument),
)
