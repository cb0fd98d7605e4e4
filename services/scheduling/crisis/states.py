"""What scheduling keeps of a patient's suicide alerts. Its id is the patient's: it holds for all their referrals."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from backbone.model import Given, State
from schemas.scheduling.v1.codes import Exemption
from services.scheduling.rules import Rules

EXEMPT_BY_CRISIS: Exemption = "mental_health_crisis"


class Crisis(State, tag="crisis", frozen=True, kw_only=True):
    alert_id: str | None = None
    at: datetime | None = None
    """When the alert was raised last."""
    closed_at: datetime | None = None

    def exemptions(self, at: datetime, rules: Rules) -> tuple[Exemption, ...]:
        """What exempts by itself (SCH-06): an alert that is open, or was raised not long ago."""
        if self.at is None:
            return ()
        is_open = self.closed_at is None or self.closed_at < self.at
        recent = at - self.at <= timedelta(days=rules.scheduling.exemptions.values.crisis_days)
        return (EXEMPT_BY_CRISIS,) if is_open or recent else ()


def crisis_seen(patient_id: str | None) -> Iterable[tuple[str, str]]:
    """For `needs`: the crisis of this patient."""
    if patient_id:
        yield "crisis", patient_id


def crisis_of(patient_id: str | None, given: Given[Rules]) -> Crisis:
    """The crisis that the decider asked for; none where nothing was told."""
    found = given.others.get(("crisis", patient_id or ""))
    return found if isinstance(found, Crisis) else Crisis()
