"""Private facts of opioid exposure."""

from typing import Annotated, Literal

from schemas.fact import FEW, SOME, Dec, Id, Part, PrivateFact, Word, sensitivity


class DrugDose(Part):
    """All that is taken of one opioid in a day."""

    name: Annotated[Word, sensitivity("phi")]
    mme_per_day: Annotated[Dec, sensitivity("phi")]


class ListKept(PrivateFact):
    """The drug list that an assessment read."""

    type: Literal["care_plan.drug_list_kept.v1"] = "care_plan.drug_list_kept.v1"
    ref: Id
    source_id: Id
    opioids: Annotated[tuple[Word, ...], FEW, sensitivity("phi")] = ()
    """By name; also those whose dose can't be told."""
    doses: Annotated[tuple[DrugDose, ...], FEW, sensitivity("phi")] = ()
    """Of those whose dose can be told and counts."""
    long_supply: Annotated[bool, sensitivity("phi")] = False
    """Of an opioid for acute pain (OPI-12)."""
    antithrombotics: Annotated[tuple[Word, ...], SOME, sensitivity("phi")] = ()
    """What prevents clots, or is held before procedures, by name."""
    sedatives: Annotated[tuple[Word, ...], SOME, sensitivity("phi")] = ()
    """What sedates and is no opioid, by name."""
    ways: Annotated[tuple[Id, ...], SOME, sensitivity("phi")] = ()
    """How those are taken whose hold depends on it."""
    whole: bool = False
    """Complete, and every drug on it is known."""


class ExposureStated(PrivateFact):
    """A clinician said what the patient takes; goes before the public fact."""

    type: Literal["care_plan.exposure_stated.v1"] = "care_plan.exposure_stated.v1"
    by_id: Id


class OverdoseNoted(PrivateFact):
    """A red flag says that there was one, or a clinician found that there was none; goes before the public fact."""

    type: Literal["care_plan.overdose_noted.v1"] = "care_plan.overdose_noted.v1"
    flag_id: Id
    there: Annotated[bool, sensitivity("phi")]


class RiskScored(PrivateFact):
    """What a risk tool said of opioids (OPI-15); goes before the public fact."""

    type: Literal["care_plan.opioid_risk_scored.v1"] = "care_plan.opioid_risk_scored.v1"
    high: Annotated[bool, sensitivity("phi")]
