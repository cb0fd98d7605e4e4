"""The drug list as it is kept, and what it comes to in morphine milligram equivalents (MME) per day.

What is unknown is never none, and takes nothing away from what is known.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from backbone.ids import ROOT, derive
from config import clinical_drugs
from config.drugs import Known
from schemas.care_plan.v1.codes import ExposureStatus, RiskFactor
from services.care_plan.rules import Rules


class Drug(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One coded drug. `dose` in `unit`, `per_day` times a day; for a patch the dose is mcg per hour."""

    code: str
    system: str
    dose: Decimal | None = None
    unit: str | None = None
    per_day: Decimal | None = None
    route: str | None = None
    supply_days: int | None = None
    """Of what was prescribed for acute pain."""


class DrugList(msgspec.Struct, frozen=True):
    """`complete`: the sender says that there are no others."""

    drugs: tuple[Drug, ...] = ()
    complete: bool = False


def has_long_supply(known: DrugList, rules: Rules) -> bool:
    """An opioid for acute pain, for more days than such pain lasts (OPI-12)."""
    limit = rules.opioid.acute_supply.values.supply_days
    long = (drug for drug in known.drugs if drug.supply_days is not None and drug.supply_days > limit)
    return any((each := recognised(drug, rules)) and "opioid" in each.classes for drug in long)


def recognised(drug: Drug, rules: Rules) -> Known | None:
    return clinical_drugs.recognised(drug.system, drug.code, rules.drugs.table.values, rules.clinical_drugs)


class Exposure(NamedTuple):
    """`mme_per_day` of what is incomplete is a lower bound; None where nothing at all can be told."""

    mme_per_day: Decimal | None
    status: ExposureStatus
    has_buprenorphine: bool
    risk_factors: tuple[RiskFactor, ...] = ()


UNKNOWN = Exposure(None, "incomplete", False)
OF_LIST: tuple[RiskFactor, ...] = ("benzodiazepine", "cns_depressant")
"""Risk factors that a list of drugs shows, and the next one may show no more; others are of the patient."""


def opioids_in(known: DrugList, rules: Rules) -> tuple[str, ...]:
    """The opioids on the list by name, whether or not their dose can be told."""
    found = (recognised(drug, rules) for drug in known.drugs)
    return tuple(dict.fromkeys(each.name for each in found if each and "opioid" in each.classes))


def antithrombotics_in(known: DrugList, rules: Rules) -> tuple[str, ...]:
    """What prevents clots, and what else is held before a procedure (`antithrombotic.toml`), by name."""
    held, table = rules.antithrombotic.table.values.by_drug, rules.drugs.table.values
    found = (table.known(drug.system, drug.code) for drug in known.drugs)
    counted = (each for each in found if each and (each.name in held or "antithrombotic" in each.classes))
    return tuple(dict.fromkeys(each.name for each in counted))


def sedatives_in(known: DrugList, rules: Rules) -> tuple[str, ...]:
    """What sedates and is no opioid, by name."""
    found = (recognised(drug, rules) for drug in known.drugs)
    return tuple(dict.fromkeys(each.name for each in found if each and {*OF_LIST} & {*each.classes}))


def ways_taken(known: DrugList, rules: Rules) -> tuple[str, ...]:
    """One id for each drug that the table holds by how it is taken (dose, times a day, route): another id, another way.
    Of the others no dose changes the hold; of some the kidneys do."""
    held, table = rules.antithrombotic, rules.drugs.table.values
    several = {name for name, rows in held.table.values.by_drug.items() if len(rows) > 1}
    found = ((drug, table.known(drug.system, drug.code)) for drug in known.drugs)
    named = ((drug, each.name) for drug, each in found if each)
    ways = (way(drug, name) for drug, name in named if name in several - {*held.renal.values.drugs})
    return tuple(sorted({*ways}))


def way(drug: Drug, name: str) -> str:
    amounts = ("" if each is None else f"{each.normalize():f}" for each in (drug.dose, drug.per_day))
    return derive(ROOT, " ".join((name, *amounts, drug.unit or "", drug.route or "")))


def doses_in(known: DrugList, rules: Rules) -> tuple[tuple[str, Decimal], ...]:
    """What is taken of each opioid in a day, by name in MME, as far as it can be told and counts."""
    factors = rules.opioid.factors.values.opioids
    found = [(drug, each) for drug in known.drugs if (each := recognised(drug, rules))]
    doses = [(each.name, dose) for drug, each in found if (dose := daily_dose(drug, each, rules)) is not None]
    return tuple((name, rounded(factors[name].of(total))) for name, total in sorted(totals(doses).items()))


def hides_none(known: DrugList, rules: Rules) -> bool:
    """Complete, and every drug on it is known."""
    table = rules.drugs.table.values
    return known.complete and all(table.known(drug.system, drug.code) for drug in known.drugs)


def exposure(known: DrugList, rules: Rules) -> Exposure:
    """Sum of daily dose times factor. Unknown drug, dose, unit or route: incomplete."""
    factors = rules.opioid.factors.values
    found = [(drug, recognised(drug, rules)) for drug in known.drugs]
    named = [(drug, each) for drug, each in found if each]
    opioids = [(drug, each) for drug, each in named if "opioid" in each.classes]
    uncounted = any(each.name in factors.not_counted for _, each in opioids)
    counted = [(drug, each) for drug, each in opioids if each.name not in factors.not_counted]
    doses = [
        (each.name, dose) for drug, each in counted if (dose := daily_dose(drug, each, rules)) is not None
    ]
    complete = known.complete and len(named) == len(found) and len(doses) == len(counted)
    if complete and not opioids:
        return Exposure(None, "none", False)
    total = rounded(equivalent(doses, rules)) if doses or complete else None
    besides = risk_factors(total, (each for _, each in named), rules)
    return Exposure(total, "complete" if complete else "incomplete", uncounted, besides)


def rounded(total: Decimal) -> Decimal:
    return total.quantize(Decimal("0.1"))


def daily_dose(drug: Drug, known: Known, rules: Rules) -> Decimal | None:
    """None when it can't be told. How it is taken is what the list says, or else the code."""
    factor = rules.opioid.factors.values.opioids.get(known.name)
    dose, unit = in_mass(drug, rules)
    if (
        factor is None
        or dose is None
        or unit != factor.unit
        or (drug.route or known.route) not in factor.routes
    ):
        return None
    times = Decimal(1) if factor.unit == "mcg/h" else drug.per_day
    return None if times is None else dose * times


def in_mass(drug: Drug, rules: Rules) -> tuple[Decimal | None, str | None]:
    """Pieces of a clinical drug by its strength; whatever else as it is stated."""
    product = clinical_drugs.clinical(drug.system, drug.code, rules.drugs.table.values, rules.clinical_drugs)
    counted = product.dose(drug.dose, drug.unit) if product and drug.dose is not None else None
    return counted or (drug.dose, drug.unit)


def equivalent(doses: Sequence[tuple[str, Decimal]], rules: Rules) -> Decimal:
    """Each opioid by all that is taken of it in a day: a factor may depend on that."""
    factors = rules.opioid.factors.values.opioids
    return sum((factors[name].of(dose) for name, dose in totals(doses).items()), Decimal(0))


def totals(doses: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    return {name: sum((dose for each, dose in doses if each == name), Decimal(0)) for name, _ in doses}


def risk_factors(total: Decimal | None, drugs: Iterable[Known], rules: Rules) -> tuple[RiskFactor, ...]:
    """What makes an opioid more dangerous, as far as the list tells (OPI-04)."""
    classes = {name for each in drugs for name in each.classes}
    return (*high_dose(total, rules), *(each for each in OF_LIST if each in classes))


def high_dose(total: Decimal | None, rules: Rules) -> tuple[RiskFactor, ...]:
    return ("mme_50",) if total is not None and total >= rules.opioid.factor_set.values.high_mme else ()
