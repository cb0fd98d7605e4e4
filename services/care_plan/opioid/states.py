"""The states of an opioid profile, and what others ask of it. Its id derives from the patient's."""

from collections.abc import Iterable
from decimal import Decimal

from backbone.ids import derive
from backbone.model import Given, State
from schemas.care_plan.v1.codes import ExposureStatus, RiskFactor
from services.care_plan.rules import Rules


class Unassessed(State, tag="unassessed", kw_only=True):
    assessed_by: tuple[str, ...] = ()
    """Causes of the assessments so far: none counts twice."""


class Assessed(State, tag="assessed", kw_only=True):
    list_ref: str | None = None
    assessed_by: tuple[str, ...] = ()
    source_id: str | None = None
    stated: bool = False
    """By a clinician, who knows better than the list."""
    stated_by: str | None = None
    mme_per_day: Decimal | None = None
    exposure: ExposureStatus
    has_buprenorphine: bool = False
    opioids: tuple[str, ...] = ()
    """On the list, by name; also those whose dose can't be told."""
    doses: tuple[tuple[str, Decimal], ...] = ()
    """On the list, by name in MME a day: of those whose dose can be told and counts."""
    antithrombotics: tuple[str, ...] = ()
    """On the list, by name: what prevents clots, or is held before procedures."""
    sedatives: tuple[str, ...] = ()
    """On the list, by name: what sedates and is no opioid."""
    ways: tuple[str, ...] = ()
    """How those are taken whose hold depends on it: an id for each."""
    whole: bool = False
    """The list is complete, and every drug on it is known: it hides none."""
    risk_factors: tuple[RiskFactor, ...] = ()
    overdoses: tuple[str, ...] = ()
    """Red flags that say so (OPI-04)."""
    long_supply: bool = False
    """Of an opioid for acute pain (OPI-12)."""
    intensified: bool = False
    """A risk tool said so (OPI-15)."""

    def takes_opioids(self) -> bool:
        """As far as anything tells: what is on no list is no opioid yet."""
        if self.exposure == "none":
            return False
        counted = self.mme_per_day is not None or self.has_buprenorphine
        return self.exposure == "complete" or counted or bool(self.opioids)


OpioidProfile = Unassessed | Assessed


def profile_id(patient_id: str) -> str:
    return derive(patient_id, "opioid profile")


def opioids_seen(patient_id: str | None) -> Iterable[tuple[str, str]]:
    """For `needs`: what is known of this patient's opioids."""
    if patient_id:
        yield "opioid_profile", patient_id


def takes_opioids(given: Given[Rules]) -> bool:
    """Under whatever record of the person, as far as anybody knows: a list that is incomplete may hide some."""
    found = (each for each in given.others.values() if isinstance(each, Assessed))
    return any(each.exposure != "none" for each in found)
