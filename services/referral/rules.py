"""The versioned thresholds of this service: the shape of `referral.toml`, and the clinic's files beside
it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.clinical_drugs import ClinicalDrugs
from config.drugs import Drugs
from config.files import ClinicFiles
from config.loading import load
from config.rules import Rule, RuleSet, Values
from schemas.codes import MedicationFlag, ReferrerType
from schemas.fact import Language
from schemas.referral.v1.codes import Advisory, DataField
from schemas.referral.v1.codes import Ending as EndingCode


class Completeness(Values):
    """REF-01"""

    mandatory: tuple[DataField, ...] = Field(min_length=1)
    coverage_required: bool
    while_information_is_requested: Literal["continue"]
    """`clock.rules.info_requested`. Pausing would move target dates: not supported."""


class Exemption(Values):
    """Diagnoses (or beginnings of codes) to which the shortest duration does not apply."""

    conditions: tuple[str, ...] = Field(min_length=1)
    below_months: int | None = None


class MinimumDuration(Values):
    """REF-04"""

    months: int = Field(ge=0)
    exempt: tuple[Exemption, ...]


class Onset(Values):
    """How an onset that is stated in months compares with days."""

    days_in_a_month: int = Field(ge=28, le=31)


class Eligibility(Values):
    """REF-05"""

    age_from: int = Field(ge=0)
    age_to: int | None = None
    allowed_referrers: tuple[ReferrerType, ...] = Field(min_length=1)
    plans_that_need_a_pcp: tuple[str, ...]
    plans_that_need_authorisation: tuple[str, ...]
    refuse_outside_catchment: bool
    refuse_compensable_claims: bool


class InformationRequests(Values):
    """REF-08. Days are calendar days; the decision's days count from the reminder."""

    reminder_after_days: int = Field(ge=1)
    decision_after_days: int = Field(ge=1)


class Ending(Values):
    """One code of the closed list: what it may be used for."""

    uses: tuple[Literal["reject", "redirect", "advice"], ...]
    on: bool = True


class Endings(Values):
    """REF-09"""

    codes: Mapping[EndingCode, Ending] = Field(min_length=1)
    decline_after_acceptance: Literal["with_reason", "never"]


class Duplicates(Values):
    """How long after its end another referral of the same person is looked at."""

    window_days: int = Field(ge=1)


class Lookalikes(Values):
    """How many questions whether two are one a newcomer raises at once."""

    asked: int = Field(ge=1)


class DrugAdvisories(Values):
    advisories: Mapping[Advisory, tuple[MedicationFlag, ...]]
    """advisory → the classes that together call for it"""


class BreachForecast(Values):
    """REF-07: how much of the target has passed, in percent, when a breach is forecast."""

    forecast_percent: int = Field(ge=1, le=100)


class WaitReview(Values):
    """REF-10, in days of waiting: the first review falls due after so many, another one every so many."""

    after_days: int = Field(ge=1)
    every_days: int = Field(ge=1)


class ClockRules(Values):
    """How long a submission may have been on its way; a sender's clock that says more is not believed."""

    on_its_way_days: int = Field(ge=0)


class Registry(Values):
    """Defaults of the patient registry."""

    adult_from: int = Field(ge=0)
    language: Language


class Retention(Values):
    """PRV-27: how long after care has ended the law wants a record kept."""

    years: int = Field(ge=1)


class ReferralSettings(Values):
    """`referral.toml`"""

    rule_set: RuleSet
    completeness: Rule[Completeness]
    unclear_flags: Rule[Values]
    minimum_duration: Rule[MinimumDuration]
    onset: Rule[Onset]
    eligibility: Rule[Eligibility]
    target: Rule[Values]
    breach: Rule[BreachForecast]
    wait_review: Rule[WaitReview]
    clock: Rule[ClockRules]
    information_requests: Rule[InformationRequests]
    endings: Rule[Endings]
    duplicates: Rule[Duplicates]
    lookalikes: Rule[Lookalikes]
    drug_advisories: Rule[DrugAdvisories]
    registry: Rule[Registry]
    retention: Rule[Retention]


class Rules(ClinicFiles):
    """What deciders, timers and reactions of this service are given."""

    referral: ReferralSettings
    drugs: Drugs
    clinical_drugs: ClinicalDrugs


def load_rules(folder: Path) -> Rules:
    """Raises ConfigurationError with every error named."""
    return load(folder, Rules)
