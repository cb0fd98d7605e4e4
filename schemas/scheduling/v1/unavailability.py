"""Facts of a time in which the patient is not available (ATT-06). Half-open: `end` is the first day after it."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from schemas.fact import Day, Fact, Id
from schemas.period import LONGEST_ABSENCE, in_order
from schemas.scheduling.v1.codes import UnavailabilityKind


class UnavailabilityFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "unavailability"


class UnavailabilityRecorded(UnavailabilityFact):
    """It is deducted from the wait."""

    type: Literal["scheduling.unavailability_recorded.v1"] = "scheduling.unavailability_recorded.v1"
    period_id: Id
    kind: UnavailabilityKind
    start: Day
    end: Day | None = None

    @model_validator(mode="after")
    def ends_later_than_it_starts(self) -> Self:
        return in_order(self, LONGEST_ABSENCE)


class UnavailabilityRequested(UnavailabilityFact):
    """The patient wishes to be away for longer than a patient may enter: a person decides; until then less holds."""

    type: Literal["scheduling.unavailability_requested.v1"] = "scheduling.unavailability_requested.v1"
    period_id: Id
    kind: UnavailabilityKind
    start: Day
    end: Day

    @model_validator(mode="after")
    def ends_later_than_it_starts(self) -> Self:
        return in_order(self, LONGEST_ABSENCE)


class UnavailabilityRefused(UnavailabilityFact):
    """What was wished for is not deducted; what was recorded before stays."""

    type: Literal["scheduling.unavailability_refused.v1"] = "scheduling.unavailability_refused.v1"
    period_id: Id
    start: Day
    end: Day
    decided_by: Id

    @model_validator(mode="after")
    def ends_later_than_it_starts(self) -> Self:
        return in_order(self, LONGEST_ABSENCE)


class UnavailabilityEnded(UnavailabilityFact):
    """The end is known, or another one. `decided_by`: who granted what the patient wished for."""

    type: Literal["scheduling.unavailability_ended.v1"] = "scheduling.unavailability_ended.v1"
    period_id: Id
    start: Day
    end: Day
    decided_by: Id | None = None

    @model_validator(mode="after")
    def ends_later_than_it_starts(self) -> Self:
        return in_order(self, LONGEST_ABSENCE)
