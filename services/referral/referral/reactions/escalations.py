"""Whoever was called about a red flag has taken it up → the referral knows. Pure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.notifications.v1.escalation import EscalationAcknowledged
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import FollowEscalation
from services.referral.rules import Rules


def follow_escalation(event: Event[EscalationAcknowledged], rules: Rules) -> Orders:
    if event.head.pathway_id:
        command = like(FollowEscalation, event.fact, flag_id=event.fact.subject_id)
        yield REFERRAL.send(command, to=one(event.head.pathway_id))


ESCALATIONS: tuple[On, ...] = (on(EscalationAcknowledged, follow_escalation),)
