"""Facts of escalations → what is remembered of them by subject. Pure."""

from backbone.model import Event, On, Orders, on, one
from schemas.notifications.v1.escalation import (
    EscalationAcknowledged,
    EscalationRaised,
    EscalationResolved,
    EscalationTimedOut,
)
from services.worklist.item.reactions import source
from services.worklist.ladder.aggregate import LADDER, HearOfLadder
from services.worklist.rules import Rules


def hear_of_ladder(
    event: Event[EscalationRaised | EscalationAcknowledged | EscalationTimedOut | EscalationResolved],
    rules: Rules,
) -> Orders:
    """Until when somebody has to answer; nobody has to any more when somebody did, or it is over."""
    fact = event.fact
    due = fact.ack_due_at if isinstance(fact, EscalationRaised | EscalationTimedOut) else None
    command = HearOfLadder(source(event), due, unanswered=isinstance(fact, EscalationTimedOut))
    yield LADDER.send(command, to=one(fact.subject_id))


HEARD = (EscalationRaised, EscalationAcknowledged, EscalationTimedOut, EscalationResolved)
LADDERS: tuple[On, ...] = tuple(on(fact, hear_of_ladder) for fact in HEARD)
