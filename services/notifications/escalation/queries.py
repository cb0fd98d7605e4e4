"""Reads of escalations. Nothing is changed or decided here."""

from collections.abc import Sequence
from datetime import UTC

from backbone.engine.runtime import Runtime
from backbone.http.places import Place, behind
from backbone.model import Snapshot
from config.staff import StaffMember
from services.notifications.escalation.aggregate import ESCALATION, Escalations
from services.notifications.escalation.decide.calls import may_answer
from services.notifications.escalation.states import Acknowledged, Escalation, Raised


async def open_escalations(running: Runtime, after: Place | None) -> Sequence[Snapshot[Escalation]]:
    """Those that somebody has to answer first, by their deadline; then those that somebody took up."""
    return behind(await running.find(ESCALATION, Escalations.open), standing, after)


def standing(thing: Snapshot[Escalation]) -> Place:
    """As the list is sorted. What is raised again while one turns pages is first in the next list."""
    state = thing.state
    raised = isinstance(state, Raised)
    when = state.ack_due_at if isinstance(state, Raised) else getattr(state, "at")  # noqa: B009
    return "1" if raised else "2", when.astimezone(UTC).isoformat(timespec="microseconds"), thing.id


async def answered_by(running: Runtime, staff_id: str, code: str) -> Snapshot[Escalation] | None:
    """What a page with this code is about: first what they may answer, then what somebody took up; None also where
    two that they may answer have the code."""
    found = await running.find(ESCALATION, Escalations.code(code), Escalations.open)
    theirs = [each for each in found if waits_for(each.state, staff_id, running)]
    taken = [each for each in found if isinstance(each.state, Acknowledged)]
    first = next(iter([*theirs, *taken, *found]), None)
    return None if len(theirs) > 1 else first


def waits_for(state: Escalation, staff_id: str, running: Runtime) -> bool:
    return isinstance(state, Raised) and staff_id in may_answer(state.ladder, running.rules)


async def is_called(running: Runtime, member: StaffMember | None) -> bool:
    """Whether a page waits for their answer."""
    if member is None:
        return False
    raised = [each.state for each in await running.find(ESCALATION, Escalations.open)]
    return any(isinstance(each, Raised) and member.id in each.ladder.called for each in raised)
