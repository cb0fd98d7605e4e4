"""Reads of escalations. Nothing is changed or decided here."""

from collections.abc import Sequence
from datetime import datetime

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.notifications.escalation.aggregate import ESCALATION, Escalations
from services.notifications.escalation.decide.calls import may_answer
from services.notifications.escalation.states import Escalation, Raised


async def open_escalations(running: Runtime) -> Sequence[Snapshot[Escalation]]:
    """Those that somebody has to answer first, by their deadline; then those that somebody took up."""
    return sorted(await running.find(ESCALATION, Escalations.open), key=standing)


def standing(thing: Snapshot[Escalation]) -> tuple[bool, datetime, str]:
    state = thing.state
    raised = isinstance(state, Raised)
    when = state.ack_due_at if isinstance(state, Raised) else getattr(state, "at")  # noqa: B009
    return not raised, when, thing.id


async def answered_by(running: Runtime, staff_id: str, code: str) -> Snapshot[Escalation] | None:
    """What a page with this code is about, if it may be answered by them; None also where two have the code."""
    found = [
        each
        for each in await running.find(ESCALATION, Escalations.code(code), Escalations.open)
        if isinstance(each.state, Raised) and staff_id in may_answer(each.state.ladder, running.rules)
    ]
    return found[0] if len(found) == 1 else None
