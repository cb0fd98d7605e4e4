"""What puts a patient at risk: alerts and opioids. It holds for all their referrals; its id is the patient's."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from backbone.model import Given, State
from services.care_plan.rules import Rules


class Risk(State, tag="risk", kw_only=True):
    open_alerts: tuple[str, ...] = ()
    alert_at: datetime | None = None
    """When the youngest alert was raised."""
    high_dose: bool = False
    told_by: tuple[str, ...] = ()
    """Causes of what is known: none counts twice."""

    def is_high(self, at: datetime, alert_days: int) -> bool:
        """A recent or open alert, or a high opioid dose."""
        recent = self.alert_at is not None and at - self.alert_at <= timedelta(days=alert_days)
        return recent or bool(self.open_alerts) or self.high_dose


def risk_seen(patient_id: str | None) -> Iterable[tuple[str, str]]:
    """For `needs`: the risk of this patient."""
    if patient_id:
        yield "risk", patient_id


def risk_of(patient_id: str | None, given: Given[Rules]) -> Risk:
    """The risk that the decider asked for; none where nothing was told."""
    found = given.others.get(("risk", patient_id or ""))
    return found if isinstance(found, Risk) else Risk()


def is_high_risk(patient_id: str | None, given: Given[Rules]) -> bool:
    """As things stand now."""
    alert_days = given.rules.care_plan.high_risk.values.alert_days
    return risk_of(patient_id, given).is_high(given.at, alert_days)
