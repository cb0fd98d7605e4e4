"""Whoever was called about an alert has taken it up → the alert says so. Pure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.notifications.v1.escalation import EscalationAcknowledged
from services.care_plan.rules import Rules
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT, FollowEscalation


def follow_escalation(event: Event[EscalationAcknowledged], rules: Rules) -> Orders:
    """What is no alert of ours is nothing to us: ids of subjects are of one thing only."""
    yield SAFETY_ALERT.send(like(FollowEscalation, event.fact), to=one(event.fact.subject_id))


REACTIONS: tuple[On, ...] = (on(EscalationAcknowledged, follow_escalation),)
