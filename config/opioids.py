"""What the clinic sets about opioids: factors of doses, and the checks that follow (OPI-01 to OPI-15)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from dateutil.relativedelta import relativedelta
from pydantic import Field, model_validator

from config.rules import BusinessDays, Days, Rule, RuleSet, Values
from schemas.care_plan.v1.codes import CheckResult, Finding, Instrument, OpioidCheck
from schemas.codes import Queue, Severity
from schemas.fact import Version
from schemas.referral.v1.codes import Route


class Tier(Values):
    """The factor of doses up to `up_to` a day; of the last one, of all that are higher."""

    up_to: Decimal | None = None
    factor: Decimal


class Factor(Values):
    """What a dose is multiplied with; by these routes only. `tiers`: by how much of it is taken in a day."""

    factor: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    unit: Literal["mg", "mcg/h"]
    routes: tuple[Route, ...]

    def of(self, dose: Decimal) -> Decimal:
        """The equivalent of a daily dose."""
        if self.factor is not None:
            return dose * self.factor
        return dose * next(each.factor for each in self.tiers if each.up_to is None or dose <= each.up_to)

    @model_validator(mode="after")
    def has_one_factor_for_each_dose(self) -> Self:
        limits = [each.up_to for each in self.tiers[:-1] if each.up_to is not None]
        rising = len(limits) == len(self.tiers[:-1]) and limits == sorted({*limits})
        tiered = bool(self.tiers) and rising and self.tiers[-1].up_to is None
        if (self.factor is None) != tiered or (self.factor is not None and self.tiers):
            raise ValueError("either a factor, or tiers by rising doses of which the last has no limit")
        return self


class Factors(Values):
    """One set of MME factors, by the names of `drugs.toml`."""

    name: Version
    not_counted: tuple[str, ...]
    opioids: Mapping[str, Factor]


class FactorSet(Values):
    """Which set the clinic goes by, and from which dose on it is high."""

    name: Version
    high_mme: int


class SecondReview(Values):
    """OPI-02. `off`: no dose asks for it."""

    mdt_review: Literal["off"] | Annotated[int, Field(ge=1)]
    queue: Queue
    severity: Severity

    def asks(self, dose: Decimal | None) -> bool:
        return self.mdt_review != "off" and dose is not None and dose >= self.mdt_review


class Tapers(Values):
    """OPI-03. `queue` and `severity` are those of the alert about a fall that nobody planned."""

    followup_days: int = Field(ge=1)
    queue: Queue
    severity: Severity

    @property
    def again(self) -> relativedelta:
        return relativedelta(days=self.followup_days)


class AcuteSupply(BusinessDays):
    """OPI-12"""

    supply_days: int = Field(ge=1)


class EveryMonths(Values):
    """How soon again, in months of the calendar."""

    every_months: int = Field(ge=1)

    @property
    def again(self) -> relativedelta:
        return relativedelta(months=self.every_months)


class WithinDays(Days, EveryMonths):
    """By when a check is done, and how soon again."""


class Offered(BusinessDays, EveryMonths):
    """OPI-04"""


class DoseChange(Days):
    """OPI-06. High doses and what acts long are looked at sooner, methadone soonest."""

    high_days: int = Field(ge=1)
    methadone_days: int = Field(ge=1)
    methadone_week_days: int = Field(ge=1)
    """How long after a start or an increase it is looked at again and again."""
    long_acting: tuple[str, ...]


class OpioidReviews(EveryMonths):
    """OPI-07. `mental_health`: findings of questionnaires that make reviews sooner, like a danger that is stated."""

    at_risk_days: int = Field(ge=1)
    mental_health: Mapping[Instrument, tuple[Finding, ...]]


class Registry(Values):
    """OPI-08"""

    name: Literal["PDMP", "SafeScript", "QScript", "none"]
    every_days: int = Field(ge=1)

    @property
    def again(self) -> relativedelta:
        return relativedelta(days=self.every_days)


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
    toxicology_months: int = Field(ge=1)


class ObligationsFrom(Values):
    """`opioid.obligations_from`"""

    stage: Literal["accepted", "begun"]


class Checks(Values):
    lead_days: int = Field(ge=0)
    results: Mapping[OpioidCheck, tuple[CheckResult, ...]]


class Opioids(Values):
    """`opioid.toml`"""

    rule_set: RuleSet
    factor_set: Rule[FactorSet]
    obligations_from: Rule[ObligationsFrom]
    factor_sets: Mapping[Version, Rule[Factors]]
    second_review: Rule[SecondReview]
    taper: Rule[Tapers]
    acute_supply: Rule[AcuteSupply]
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

    @property
    def factors(self) -> Rule[Factors]:
        """Those of the set that the clinic goes by."""
        return self.factor_sets[self.factor_set.values.name]

    @model_validator(mode="after")
    def sets_are_called_as_they_are(self) -> Self:
        if wrong := sorted(name for name, rule in self.factor_sets.items() if rule.values.name != name):
            raise ValueError(f"factor_sets: another name within: {', '.join(wrong)}")
        if (name := self.factor_set.values.name) not in self.factor_sets:
            raise ValueError(f"factor_set: there is no set {name}; there are {', '.join(self.factor_sets)}")
        return self
