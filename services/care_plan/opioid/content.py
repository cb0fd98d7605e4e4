"""The drug list as it is kept, and what it comes to in morphine milligram equivalents (MME) per day.

What is unknown is never none.
"""

from decimal import Decimal
from typing import NamedTuple

import msgspec

from schemas.care_plan.v1.codes import ExposureStatus
from services.care_plan.rules import Factors


class Drug(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One coded drug. `dose` in `unit`, `per_day` times a day; for a patch the dose is mcg per hour."""

    code: str
    dose: Decimal | None = None
    unit: str | None = None
    per_day: Decimal | None = None
    route: str | None = None


class DrugList(msgspec.Struct, frozen=True):
    """`complete`: the sender says that there are no others."""

    drugs: tuple[Drug, ...] = ()
    complete: bool = False


class Exposure(NamedTuple):
    """`mme_per_day` is None where it is incomplete."""

    mme_per_day: Decimal | None
    status: ExposureStatus
    has_buprenorphine: bool


UNKNOWN = Exposure(None, "incomplete", False)


def exposure(known: DrugList, factors: Factors) -> Exposure:
    """Sum of daily dose times factor. Unknown drug, dose or unit: incomplete."""
    names = [(factors.codes.get(drug.code), drug) for drug in known.drugs]
    unknown = any(name is None and drug.code not in factors.others for name, drug in names)
    opioids = [(name, drug) for name, drug in names if name]
    has_buprenorphine = any(name in factors.not_counted for name, _ in opioids)
    parts = [equivalent(drug, name, factors) for name, drug in opioids if name not in factors.not_counted]
    if unknown or not known.complete or None in parts:
        return Exposure(None, "incomplete", has_buprenorphine)
    if not opioids:
        return Exposure(None, "none", False)
    total = sum((part for part in parts if part is not None), Decimal(0))
    return Exposure(total.quantize(Decimal("0.1")), "complete", has_buprenorphine)


def equivalent(drug: Drug, name: str, factors: Factors) -> Decimal | None:
    """One drug's part; None when it can't be told."""
    factor = factors.opioids.get(name)
    if factor is None or drug.dose is None or drug.unit != factor.unit or drug.route in ("iv", "intravenous"):
        return None
    times = Decimal(1) if factor.unit == "mcg/h" else drug.per_day
    return None if times is None else drug.dose * times * factor.factor
