"""Private facts of opioid checks."""

from typing import Annotated, Literal

from schemas.care_plan.v1.codes import OPIOID_CHECK
from schemas.fact import FEW, SOME, Day, Dec, Id, Part, PrivateFact, Word, sensitivity
from services.care_plan.opioid.facts import DrugDose


class Sooner(Part):
    """What was done is asked again on this day, which is before the one that was set."""

    check: Annotated[str, OPIOID_CHECK.passed_on]
    again_on: Day


class OpioidsLookedAt(PrivateFact):
    """What the checks go by; goes before those that fall due. `dropped`: what was done and has lost its reason."""

    type: Literal["care_plan.opioids_looked_at.v1"] = "care_plan.opioids_looked_at.v1"
    patient_id: Id
    referral_id: Id
    seen: bool
    begun: bool = False
    takes: Annotated[bool, sensitivity("phi")]
    mme_per_day: Annotated[Dec | None, sensitivity("phi")] = None
    two_tapers: Annotated[bool, sensitivity("phi")] = False
    """Under way at once, of two records that are one person's."""
    sedating: Annotated[tuple[Word, ...], SOME, sensitivity("phi")] = ()
    """Drugs by name; opioids are one."""
    opioids: Annotated[tuple[Word, ...], SOME, sensitivity("phi")] = ()
    """Each by name."""
    doses: Annotated[tuple[DrugDose, ...], FEW, sensitivity("phi")] = ()
    """Of each whose dose can be told and counts: the highest of all records."""
    week_until: Day | None = None
    """Methadone was begun or raised: until then it is looked at every few days (OPI-06)."""
    calmed: bool = False
    """The dose is no more one that asks for a second review."""
    reviewed_by: Id | None = None
    """Who looked at them last: held the consultation, or reviewed them since."""
    dropped: Annotated[tuple[Annotated[str, OPIOID_CHECK.passed_on], ...], FEW, sensitivity("phi")] = ()
    sooner: Annotated[tuple[Sooner, ...], FEW, sensitivity("phi")] = ()


class SecondReviewAsked(PrivateFact):
    """The dose is so high that a second physician and the team look (OPI-02)."""

    type: Literal["care_plan.second_review_asked.v1"] = "care_plan.second_review_asked.v1"
    patient_id: Id
    referral_id: Id
    mme_per_day: Annotated[Dec, sensitivity("phi")]
    first_by: Annotated[tuple[Id, ...], FEW] = ()
    """Who looked at them first, or said the dose: the second review is another's."""


class OpioidChecksEnded(PrivateFact):
    """With the referral."""

    type: Literal["care_plan.opioid_checks_ended.v1"] = "care_plan.opioid_checks_ended.v1"
