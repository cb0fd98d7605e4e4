"""Private facts of a patient's crisis."""

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
