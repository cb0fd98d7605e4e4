"""Suicide alerts → what is known of their patient's crisis."""

from backbone.model import Event, On, Orders, on, one
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from services.scheduling.crisis.aggregate import CRISIS, NoteCrisis, NoteCrisisEnd
from services.scheduling.rules import Rules


def note_crisis(event: Event[SafetyAlertRaised], rules: Rules) -> Orders:
    if event.fact.code == "suicide_risk" and event.head.lane_key:
        command = NoteCrisis(alert_id=event.fact.alert_id, at=event.head.occurred_at)
        yield CRISIS.send(command, to=one(event.head.lane_key))


def note_crisis_end(event: Event[SafetyAlertClosed], rules: Rules) -> Orders:
    if event.head.lane_key:
        command = NoteCrisisEnd(alert_id=event.fact.alert_id, at=event.head.occurred_at)
        yield CRISIS.send(command, to=one(event.head.lane_key))


REACTIONS: tuple[On, ...] = (on(SafetyAlertRaised, note_crisis), on(SafetyAlertClosed, note_crisis_end))
