"""The states of a patient's taper. Its id derives from the patient's."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from backbone.ids import derive
from backbone.model import State


class Step(msgspec.Struct, frozen=True):
    """The dose that is agreed from a day on."""

    on: date
    mme: Decimal


class Known(State, kw_only=True):
    dose: Decimal | None = None
    """As it is known; a dose that can't be told changes nothing."""
    heard_of: tuple[str, ...] = ()
    """Causes of what is known: none counts twice."""


class Steady(Known, tag="steady"):
    """No decrease is agreed: every fall is one that nobody planned."""


class Tapering(Known, tag="tapering", kw_only=True):
    steps: tuple[Step, ...]

    def is_planned(self, mme: Decimal, on: date) -> bool:
        """Not below what is agreed by that day."""
        due = [each.mme for each in self.steps if each.on <= on]
        return mme >= min(due) if due else self.dose is not None and mme >= self.dose


Taper = Steady | Tapering


def taper_id(patient_id: str) -> str:
    return derive(patient_id, "taper")


def tapers_seen(patient_id: str) -> Iterable[tuple[str, str]]:
    """For `needs`: the tapers of this person, of all their records."""
    yield "taper", patient_id
