"""What is known of somebody's kidneys. Its id is the patient's; it holds for all procedures of the person."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from backbone.model import Given, State
from schemas.care_plan.v1.codes import RenalMeasure

KIND = "renal_function"


class RenalValue(msgspec.Struct, frozen=True):
    """Millilitres per minute, of the blood of that day."""

    taken_on: date
    ml_per_min: Decimal
    measure: RenalMeasure

    def counts_on(self, day: date, max_age_days: int) -> bool:
        return day - self.taken_on <= timedelta(days=max_age_days)


class RenalFunction(State, tag="renal_function", kw_only=True):
    results: tuple[RenalValue, ...] = ()
    """One of each day and measure."""

    def of(self, taken_on: date, measure: RenalMeasure) -> RenalValue | None:
        found = (each for each in self.results if (each.taken_on, each.measure) == (taken_on, measure))
        return next(found, None)


def renal_function_seen(patient_id: str | None) -> Iterable[tuple[str, str]]:
    """For `needs`: what is known of this patient's kidneys."""
    if patient_id:
        yield KIND, patient_id


def newest(given: Given[object]) -> RenalValue | None:
    """Of all records of the person; of several of one day the lowest."""
    found = [
        each for state in given.others.values() if isinstance(state, RenalFunction) for each in state.results
    ]
    return max(found, key=lambda each: (each.taken_on, -each.ml_per_min), default=None)
