"""What the clinic sets about opioids: factors of doses, and the checks that follow (OPI-01 to OPI-15)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from config.rules import BusinessDays, Days, Rule, RuleSet, Values
from schemas.care_plan.v1.codes import CheckResult, Finding, Instrument, OpioidCheck
from schemas.codes import Queue, Severity
from schemas.fact import Version
from schemas.referral.v1.codes import Route


class Factor(Values):
    """What a dose is multiplied with; by these routes only."""

    factor: Decimal
    unit: Literal["mg", "mcg/h"]
    routes: tuple[Route, ...]


class Factors(Values):
    """One set of MME factors, by the names of `drugs.toml`."""

    name: Version
    not_counted: tuple[str, ...]
    high_mme: int
    opioids: Mapping[str, Factor]


class WithinDays(Days):
    """By when a check is done, and how soon again."""

    every_days: int = Field(ge=1)


class Offered(BusinessDays):
    """OPI-04"""

    every_days: int = Field(ge=1)


class DoseChange(Days):
    """OPI-06. High doses and what acts long are looked at sooner, methadone soonest."""

    high_days: int = Field(ge=1)
    methadone_days: int = Field(ge=1)
    long_acting: tuple[str, ...]


class OpioidReviews(Values):
    """OPI-07"""

    every_days: int = Field(ge=1)
    at_risk_days: int = Field(ge=1)


class Registry(Values):
    """OPI-08"""

    name: Literal["PDMP", "SafeScript", "QScript", "none"]
    every_days: int = Field(ge=1)


class Unexpected(BusinessDays):
    """OPI-10"""

    queue: Queue
    severity: Severity


class UseDisorder(BusinessDays):
    """OPI-13"""

    criteria: int = Field(ge=1, le=11)


class Intensified(Values):
    """OPI-15"""

    instrument: Instrument
    finding: Finding
    review_days: int = Field(ge=1)
    toxicology_days: int = Field(ge=1)


class Checks(Values):
    lead_days: int = Field(ge=0)
    results: Mapping[OpioidCheck, tuple[CheckResult, ...]]


class Opioids(Values):
    """`opioid.toml`"""

    rule_set: RuleSet
    factors: Rule[Factors]
    reassessment: Rule[BusinessDays]
    naloxone: Rule[Offered]
    co_prescription: Rule[BusinessDays]
    dose_change: Rule[DoseChange]
    review: Rule[OpioidReviews]
    registry: Rule[Registry]
    toxicology: Rule[WithinDays]
    unexpected: Rule[Unexpected]
    agreement: Rule[WithinDays]
    use_disorder: Rule[UseDisorder]
    no_benefit: Rule[Days]
    intensified: Rule[Intensified]
    checks: Rule[Checks]
