"""Private facts of a patient's risk."""

from typing import Annotated, Literal

from schemas.care_plan.v1.codes import INSTRUMENT
from schemas.fact import Id, Instant, PrivateFact, sensitivity


class AlertNoted(PrivateFact):
    """An alert or a red flag was raised, or raised again. `recent`: it counts for some time, also when it is closed."""

    type: Literal["care_plan.alert_noted.v1"] = "care_plan.alert_noted.v1"
    alert_id: Id
    at: Instant
    recent: bool = True
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""


class AlertEndNoted(PrivateFact):
    """A clinician closed it."""

    type: Literal["care_plan.alert_end_noted.v1"] = "care_plan.alert_end_noted.v1"
    alert_id: Id


class DoseNoted(PrivateFact):
    """Whether the opioid dose is high. What is not known counts as high."""

    type: Literal["care_plan.dose_noted.v1"] = "care_plan.dose_noted.v1"
    high: Annotated[bool, sensitivity("phi")]
    closely: Annotated[bool, sensitivity("phi")] = False
    """A risk tool asks for it (OPI-15)."""
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""


class RecordBeside(PrivateFact):
    """A taper began or ended under another record of the person, or that became the same person's just now. Nothing is
    different here: but of two who look at both records at the same moment, one looks after the other."""

    type: Literal["care_plan.record_beside.v1"] = "care_plan.record_beside.v1"
    other_id: Id


class MoodNoted(PrivateFact):
    """Whether a questionnaire shows that mental health is a problem (OPI-07)."""

    type: Literal["care_plan.mood_noted.v1"] = "care_plan.mood_noted.v1"
    instrument: Annotated[str, INSTRUMENT.passed_on]
    low: Annotated[bool, sensitivity("psy")]
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""


class TaperNoted(PrivateFact):
    """Whether a taper is under way."""

    type: Literal["care_plan.taper_noted.v1"] = "care_plan.taper_noted.v1"
    active: Annotated[bool, sensitivity("phi")]
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""
