"""What puts a patient at risk: alerts and opioids. It holds for all their referrals; its id is the patient's."""

from collections.abc import Iterable
from datetime import datetime

from backbone.model import Given, State
from config.calendar import BusinessCalendar
from services.care_plan.rules import Rules


class Risk(State, tag="risk", kw_only=True):
    open_alerts: tuple[str, ...] = ()
    """With red flags that nobody has assessed."""
    alert_at: datetime | None = None
    """When the youngest alert was raised."""
    high_dose: bool = False
    tapering: bool = False
    closely: bool = False
    """The profile of OPI-15: reviews come sooner; it alone calls nobody (ATT-08)."""
    low_mood: tuple[str, ...] = ()
    """Instruments by which mental health was a problem when they were answered last: opioids are reviewed sooner."""
    told_by: tuple[str, ...] = ()
    """Causes of what is known: none counts twice."""

    def is_high(self, at: datetime, alert_days: int, calendar: BusinessCalendar) -> bool:
        """A recent or open alert, a high opioid dose, or one that is being lowered."""
        recent = self.alert_at is not None and calendar.days_between(self.alert_at, at) <= alert_days
        return recent or bool(self.open_alerts) or self.high_dose or self.tapering


def risk_seen(patient_id: str | None) -> Iterable[tuple[str, str]]:
    """For `needs`: the risk of this patient."""
    if patient_id:
        yield "risk", patient_id


def risk_of(given: Given[Rules]) -> Risk:
    """The risk that the decider asked for, of all records of the person; none where nothing was told."""
    found = [each for each in given.others.values() if isinstance(each, Risk)]
    return Risk(
        open_alerts=tuple(alert for each in found for alert in each.open_alerts),
        alert_at=max((each.alert_at for each in found if each.alert_at), default=None),
        high_dose=any(each.high_dose for each in found),
        tapering=any(each.tapering for each in found),
        closely=any(each.closely for each in found),
    )


def is_high_risk(given: Given[Rules]) -> bool:
    """As things stand now."""
    alert_days = given.rules.care_plan.high_risk.values.alert_days
    risk = risk_of(given)
    return risk.closely or risk.is_high(given.at, alert_days, given.rules.calendar)
