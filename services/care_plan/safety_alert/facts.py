"""Private facts of safety alerts."""

from typing import Annotated, Literal

from schemas.fact import FEW, Id, PrivateFact


class TriggerNoted(PrivateFact):
    """Which submission or contact triggered it; goes before the public fact."""

    type: Literal["care_plan.trigger_noted.v1"] = "care_plan.trigger_noted.v1"
    trigger_id: Id
    first_by: Annotated[tuple[Id, ...], FEW] = ()
    """Who gave the first review: the second is another's (OPI-02)."""
