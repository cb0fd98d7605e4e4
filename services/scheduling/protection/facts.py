"""Private facts of what protects a patient: safety alerts, a crisis among them, and their age."""

from typing import Literal

from schemas.fact import Id, Instant, PrivateFact


class CrisisNoted(PrivateFact):
    """A suicide alert: who does not come while it is open, or soon after, is exempt (SCH-06)."""

    type: Literal["scheduling.crisis_noted.v1"] = "scheduling.crisis_noted.v1"
    alert_id: Id
    at: Instant


class CrisisEndNoted(PrivateFact):
    """A clinician closed the alert."""

    type: Literal["scheduling.crisis_end_noted.v1"] = "scheduling.crisis_end_noted.v1"
    alert_id: Id
    at: Instant


class FlagNoted(PrivateFact):
    """A red flag says that the patient is in a crisis: who does not come soon after is exempt (ATT-07)."""

    type: Literal["scheduling.crisis_flag_noted.v1"] = "scheduling.crisis_flag_noted.v1"
    at: Instant


class AlertHeard(PrivateFact):
    """A safety alert of whatever kind was raised, or closed. `number`: of that fact in the alert's life."""

    type: Literal["scheduling.alert_heard.v1"] = "scheduling.alert_heard.v1"
    alert_id: Id
    number: int
    is_open: bool


class MinorNoted(PrivateFact):
    """A child: who does not come is exempt (ATT-07). Or none, it was found later. `number`: of the fact that told it in
    the life of the patient's record."""

    type: Literal["scheduling.minor_noted.v1"] = "scheduling.minor_noted.v1"
    minor: bool = True
    number: int = 0
