"""HTTP routes of authorisations: what the payer said of a procedure. No rules."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from backbone.http.access import Running, Staff
from backbone.http.calls import Calling
from backbone.http.identity import Caller
from backbone.http.problems import checked_id, not_found
from backbone.http.resources import Actions, Resource
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
from services.scheduling.authorisation.aggregate import AUTHORISATION, RecordAuthorisation
from services.scheduling.authorisation.documents import PayersAnswer
from services.scheduling.authorisation.states import Authorisation, authorisation_id
from services.scheduling.gate.aggregate import GATE
from services.scheduling.gate.states import Asked, gate_id

AUTHORISATIONS = Resource(AUTHORISATION)


async def of_procedure(running: Running, caller: Staff, procedure_id: str) -> Snapshot[Authorisation]:
    """What the procedure shares with others of its family. Raises Problem 404 where it needs none."""
    gate = await running.load(GATE, gate_id(checked_id(procedure_id), "authorisation"))
    state = gate.state if gate else None
    if isinstance(state, Asked) and state.referral_id and state.family:
        found = await running.load(AUTHORISATION, authorisation_id(state.referral_id, state.family))
        if found is not None:
            return found
    raise not_found("authorisation")


OfProcedure = Annotated[Snapshot[Authorisation], Depends(of_procedure)]


async def get_authorisation(caller: Caller, authorisation: OfProcedure) -> Response:
    """What the payer said, and for how long."""
    return AUTHORISATIONS.seen(authorisation, caller)


async def get_authorisation_actions(call: Calling, authorisation: OfProcedure) -> Response:
    """Whether an answer may be recorded, and by whom."""
    return AUTHORISATIONS.actions(call, authorisation)


async def record_authorisation(call: Calling, authorisation: OfProcedure, body: PayersAnswer) -> Response:
    """The payer approves, denies, or has been asked (PRC-05)."""
    return await AUTHORISATIONS.give(call, authorisation, like(RecordAuthorisation, body))


ROUTES: tuple[Route, ...] = (
    get("/procedures/{procedure_id}/authorisation", get_authorisation, AUTHORISATION, reads="visit"),
    get(
        "/procedures/{procedure_id}/authorisation/actions", get_authorisation_actions, Actions, reads="visit"
    ),
    post("/procedures/{procedure_id}/authorisation", record_authorisation, AUTHORISATION),
)
