"""Private facts of safety alerts."""

from typing import Literal

from schemas.fact import Id, PrivateFact


class TriggerNoted(PrivateFact):
    """Which submission or contact triggered it; goes before the public fact."""

    type: Literal["care_plan.trigger_noted.v1"] = "care_plan.trigger_noted.v1"
    trigger_id: Id
