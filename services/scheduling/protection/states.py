"""What protects a patient who does not come: safety alerts of whatever kind, a crisis among them, and being a minor.

Its id is the patient's: it holds for all their referrals.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from backbone.model import Given, State
from schemas.scheduling.v1.codes import Exemption
from services.scheduling.rules import Rules

EXEMPT_BY_CRISIS: Exemption = "mental_health_crisis"
EXEMPT_BY_AGE: Exemption = "minor"


class Alert(msgspec.Struct, frozen=True):
    """What was told last of an alert, and the number of that fact in its life."""

    number: int
    is_open: bool


class Protection(State, tag="crisis", frozen=True, kw_only=True):
    alert_id: str | None = None
    at: datetime | None = None
    """When the alert was raised last."""
    closed_at: datetime | None = None
    flag_at: datetime | None = None
    """When a red flag said so last."""
    alerts: Mapping[str, Alert] = {}
    """Of every kind."""
    minor: bool = False
    """As the registry told last."""
    age_told: int = 0
    """The number of that fact in the life of the patient's record."""

    @property
    def is_open(self) -> bool:
        """The suicide alert."""
        return self.at is not None and (self.closed_at is None or self.closed_at < self.at)

    def exemptions(self, at: datetime, rules: Rules) -> tuple[Exemption, ...]:
        """What exempts by itself (ATT-07, SCH-06): an alert that is open, or was raised not long ago, also as a red
        flag; being a minor, whom somebody else brings."""
        days = rules.scheduling.exemptions.values.crisis_days
        told = max((each for each in (self.at, self.flag_at) if each), default=None)
        recent = told is not None and rules.calendar.days_between(told, at) <= days
        in_crisis = self.is_open or recent
        holds: Mapping[Exemption, bool] = {EXEMPT_BY_CRISIS: in_crisis, EXEMPT_BY_AGE: self.minor}
        return tuple(code for code, so in holds.items() if so)


def protection_seen(patient_id: str | None) -> Iterable[tuple[str, str]]:
    """For `needs`: what protects this patient."""
    if patient_id:
        yield "crisis", patient_id


def is_alarmed(given: Given[Rules]) -> bool:
    """A safety alert of the person that the decider asked for is open, whatever it is about."""
    told = [each for each in given.others.values() if isinstance(each, Protection)]
    return any(each.is_open or any(alert.is_open for alert in each.alerts.values()) for each in told)


def exemptions_of(given: Given[Rules]) -> tuple[Exemption, ...]:
    """By themselves, under whatever record of the person it was told."""
    told = (each for each in given.others.values() if isinstance(each, Protection))
    return tuple(dict.fromkeys(code for each in told for code in each.exemptions(given.at, given.rules)))
