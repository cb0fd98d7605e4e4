"""What the clock does: a round when the clinic opens, a level up when nobody answers, back up when nobody assesses."""

from backbone.model import Decision, Given, Ruled, Step, Table, ignores
from schemas.notifications.v1.escalation import EscalationTimedOut
from services.notifications.escalation.commands import CallLater, MissAssessment, PassDeadline
from services.notifications.escalation.decide.calls import ack_due, call
from services.notifications.escalation.states import Acknowledged, Quiet, Raised, Resolved
from services.notifications.rules import Rules


def call_later(state: Raised, command: CallLater, given: Given[Rules]) -> Decision:
    return list(call(state.ladder, state.level, given)) if state.call_at else ()


def pass_deadline(state: Raised, command: PassDeadline, given: Given[Rules]) -> Decision:
    """One level up; the last one repeats. A timer that fires late does so once: the next deadline counts from now."""
    if given.at < state.ack_due_at:
        return ()
    last = len(given.rules.escalation.ladder(state.ladder.severity).levels)
    return timed_out(state, state.level + 1 if state.level < last else None, given)


def miss_assessment(state: Acknowledged, command: MissAssessment, given: Given[Rules]) -> Decision:
    """Acknowledged is not assessed: the ladder goes on, whoever answered."""
    assess = given.rules.escalation.ladder(state.ladder.severity).assess
    return () if state.assessed or assess is None else timed_out(state, assess.level, given)


def timed_out(state: Raised | Acknowledged, next_level: int | None, given: Given[Rules]) -> list[Step]:
    """Without a next level, this one once more."""
    ladder, reached = state.ladder, next_level or state.level
    fact = EscalationTimedOut(
        escalation_id=given.target,
        subject_id=ladder.subject_id,
        level=state.level,
        next_level=next_level,
        ack_due_at=ack_due(ladder, reached, given),
    )
    return [Ruled(fact, (given.rules.escalation.ladders,)), *call(ladder, reached, given)]


TIME = Table(
    *(call_later, pass_deadline, miss_assessment),
    ignores(CallLater, PassDeadline, when=Quiet | Acknowledged | Resolved),
    ignores(MissAssessment, when=Quiet | Raised | Resolved),
)
