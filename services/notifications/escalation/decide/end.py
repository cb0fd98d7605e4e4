"""The subject is dealt with, as its own fact says: nobody is called any more."""

from backbone.model import Decision, Given, Table
from schemas.notifications.v1.escalation import EscalationResolved
from services.notifications.escalation.commands import Resolve
from services.notifications.escalation.decide.begin import origin_fields
from services.notifications.escalation.facts import ResolutionRemembered
from services.notifications.escalation.states import Acknowledged, Quiet, Raised, Resolved
from services.notifications.rules import Rules


def resolve(state: Raised | Acknowledged, command: Resolve, given: Given[Rules]) -> Decision:
    """An older fact than the warning belongs to an earlier episode; of the same moment, it ends this one."""
    if state.ladder.raised_by.follows(command.origin):
        return ()
    resolved = EscalationResolved(escalation_id=given.target, subject_id=state.ladder.subject_id)
    return [resolved, ResolutionRemembered(**origin_fields(command.origin))]


def remember(state: Quiet | Resolved, command: Resolve, given: Given[Rules]) -> Decision:
    """It may come before its warning, from another topic."""
    if not command.origin.follows(state.resolved_by):
        return ()
    return [ResolutionRemembered(**origin_fields(command.origin))]


END = Table(resolve, remember)
