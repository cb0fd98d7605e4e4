"""Private facts of safety alerts."""

from typing import Literal

from schemas.fact import Id, PrivateFact


class TriggerNoted(PrivateFact):
    """Which submission triggered it; goes before the public fact."""

    type: Literal["care_plan.trigger_noted.v1"] = "care_plan.trigger_noted.v1"
    submission_id: Id


class AlertRepeated(PrivateFact):
    """The same was triggered again while the alert was open."""

    type: Literal["care_plan.alert_repeated.v1"] = "care_plan.alert_repeated.v1"
    submission_id: Id
