"""Safety alerts, and who is a child → what protects the patient who does not come."""

from backbone.model import Event, On, Orders, on, one
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from schemas.referral.v1.patient import PatientRegistered, PatientUpdated
from schemas.referral.v1.referral import RedFlagRaised, RedFlagResolved
from services.scheduling.protection.aggregate import (
    PROTECTION,
    HearOfAlert,
    NoteCrisis,
    NoteCrisisEnd,
    NoteFlag,
    NoteMinor,
)
from services.scheduling.rules import Rules


def note_crisis(event: Event[SafetyAlertRaised], rules: Rules) -> Orders:
    if event.fact.code == "suicide_risk" and event.head.lane_key:
        command = NoteCrisis(alert_id=event.fact.alert_id, at=event.head.occurred_at)
        yield PROTECTION.send(command, to=one(event.head.lane_key))


def note_crisis_end(event: Event[SafetyAlertClosed], rules: Rules) -> Orders:
    if event.head.lane_key:
        command = NoteCrisisEnd(alert_id=event.fact.alert_id, at=event.head.occurred_at)
        yield PROTECTION.send(command, to=one(event.head.lane_key))


def note_flag(event: Event[RedFlagRaised], rules: Rules) -> Orders:
    """Who is in need and does not come is not one who does not care."""
    if event.fact.flag == "suicide_mental_health" and event.head.lane_key:
        yield PROTECTION.send(NoteFlag(at=event.head.occurred_at), to=one(event.head.lane_key))


def hear_of_alert(event: Event[SafetyAlertRaised | SafetyAlertClosed], rules: Rules) -> Orders:
    """While one is open, nobody is let go."""
    if event.head.lane_key:
        number, is_open = event.head.sequence or 0, isinstance(event.fact, SafetyAlertRaised)
        command = HearOfAlert(alert_id=event.fact.alert_id, number=number, is_open=is_open)
        yield PROTECTION.send(command, to=one(event.head.lane_key))


def hear_of_flag(event: Event[RedFlagRaised | RedFlagResolved], rules: Rules) -> Orders:
    """The same of a red flag that nobody has assessed."""
    if event.head.lane_key:
        number, is_open = event.head.sequence or 0, isinstance(event.fact, RedFlagRaised)
        command = HearOfAlert(alert_id=event.fact.flag_id, number=number, is_open=is_open)
        yield PROTECTION.send(command, to=one(event.head.lane_key))


def note_minor(event: Event[PatientRegistered | PatientUpdated], rules: Rules) -> Orders:
    """The birth date may come with a later letter, and children come of age."""
    adult = event.fact.is_adult
    if adult is not None:
        command = NoteMinor(minor=not adult, number=event.head.sequence or 0)
        yield PROTECTION.send(command, to=one(event.head.aggregate_id))


REACTIONS: tuple[On, ...] = (
    on(SafetyAlertRaised, note_crisis, hear_of_alert),
    on(SafetyAlertClosed, note_crisis_end, hear_of_alert),
    on(RedFlagRaised, note_flag, hear_of_flag),
    on(RedFlagResolved, hear_of_flag),
    on(PatientRegistered, note_minor),
    on(PatientUpdated, note_minor),
)
