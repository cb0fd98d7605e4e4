"""Warning signs that staff heard of → alerts."""

from backbone.model import Event, On, Orders, on, one
from schemas.care_plan.v1.contact import ContactRecorded
from services.care_plan.rules import Rules
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT, ConsiderWarnings, alert_id


def consider_warnings(event: Event[ContactRecorded], rules: Rules) -> Orders:
    """One alert of each kind that the signs stand for, whatever the contact was about."""
    patient_id, kinds = event.head.lane_key, rules.care_plan.warning_signs.values
    if patient_id is None:
        return
    for code in sorted({kinds.alert(sign) for sign in event.fact.warnings}):
        command = ConsiderWarnings(contact_id=event.fact.contact_id, code=code)
        yield SAFETY_ALERT.send(command, to=one(alert_id(patient_id, code)))


REACTIONS: tuple[On, ...] = (on(ContactRecorded, consider_warnings),)
