"""Private facts of a gate: they stand in this service's journal only."""

from typing import Annotated, Literal

from schemas.codes import GATE_KIND, PROCEDURE_FAMILY
from schemas.fact import Dec, Id, Instant, Number, PrivateFact, YesNo
from schemas.scheduling.v1.codes import CheckClass


class GatePlaced(PrivateFact):
    """Of which procedure it is, and when it counts. Goes before the first public fact."""

    type: Literal["scheduling.gate_placed.v1"] = "scheduling.gate_placed.v1"
    procedure_id: Id
    kind: Annotated[str, GATE_KIND.passed_on]
    check_class: CheckClass
    blocks_booking: YesNo
    family: Annotated[str, PROCEDURE_FAMILY.passed_on] | None = None
    previous_id: Id | None = None


class PlanFollowed(PrivateFact):
    """The plan whose signature meets it. `asked_by`: the number of the fact that asks for it, where one does."""

    type: Literal["scheduling.gate_plan_followed.v1"] = "scheduling.gate_plan_followed.v1"
    plan_id: Id
    asked_by: Number | None = None


class DateNoted(PrivateFact):
    """When the procedure is to be now; without a start it has no date."""

    type: Literal["scheduling.gate_date_noted.v1"] = "scheduling.gate_date_noted.v1"
    start: Instant | None = None


class LimitNoted(PrivateFact):
    """What the signed plan says of the value of the day; without anything: it says nothing any more."""

    type: Literal["scheduling.gate_limit_noted.v1"] = "scheduling.gate_limit_noted.v1"
    plan_id: Id | None = None
    taken_from: Instant | None = None
    most: Dec | None = None


class OutcomeAwaited(PrivateFact):
    """The procedure before it is this one now; or none is."""

    type: Literal["scheduling.gate_outcome_awaited.v1"] = "scheduling.gate_outcome_awaited.v1"
    previous_id: Id | None = None


class OverrideAwaited(PrivateFact):
    type: Literal["scheduling.gate_override_awaited.v1"] = "scheduling.gate_override_awaited.v1"
    override_id: Id


class OverrideGranted(PrivateFact):
    """One of several: others are still asked for."""

    type: Literal["scheduling.gate_override_granted.v1"] = "scheduling.gate_override_granted.v1"
    override_id: Id
