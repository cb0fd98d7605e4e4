"""HTTP routes of gates: what must be true before a procedure, and what is recorded of it. No rules."""

from typing import Annotated

from fastapi.responses import Response

from backbone.http.access import Running, Staff, StaffOf
from backbone.http.calls import Calling
from backbone.http.problems import checked_id
from backbone.http.resources import Actions, Resource, page
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot, like
from schemas.codes import GATE_KIND
from services.scheduling.gate.aggregate import GATE, GateColumns
from services.scheduling.gate.commands import RecordEvidence, WaiveGate
from services.scheduling.gate.documents import Evidence, ProcedureGates, Waiver
from services.scheduling.gate.states import Gate

GATES = Resource(GATE)
AGate = Annotated[Snapshot[Gate], StaffOf(GATE, "gate_id")]


async def list_gates(running: Running, caller: Staff, procedure_id: str) -> Response:
    """What must be true before the procedure, and what of it is."""
    found = await running.find(GATE, GateColumns.procedure_id(checked_id(procedure_id)))
    shown = [GATES.document(each, caller) for each in sorted(found, key=lambda each: each.id)]
    return page("gates", shown, len(GATE_KIND.codes))


async def get_gate_actions(call: Calling, gate: AGate) -> Response:
    """What may be recorded of it as it stands, and by whom."""
    return GATES.actions(call, gate)


async def record_evidence(call: Calling, gate: AGate, body: Evidence) -> Response:
    """Shown, or shown not to be so (ANT-05, PRC-06)."""
    return await GATES.give(call, gate, like(RecordEvidence, body))


async def waive_gate(call: Calling, gate: AGate, body: Waiver) -> Response:
    """Go on without it: by the role that the gate's rule names, with a reason."""
    return await GATES.give(call, gate, like(WaiveGate, body))


ROUTES: tuple[Route, ...] = (
    get("/procedures/{procedure_id}/gates", list_gates, ProcedureGates, reads="visit"),
    get("/gates/{gate_id}/actions", get_gate_actions, Actions, reads="visit"),
    post("/gates/{gate_id}/evidence", record_evidence, GATE),
    post("/gates/{gate_id}/waive", waive_gate, GATE),
)
