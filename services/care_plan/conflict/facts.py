"""Private facts of the days of procedures and of what is watched."""

from typing import Literal

from schemas.fact import Day, Id, PrivateFact


class RestDayNoted(PrivateFact):
    """On this day the patient has a procedure; without a day not any more."""

    type: Literal["care_plan.rest_day_noted.v1"] = "care_plan.rest_day_noted.v1"
    appointment_id: Id
    procedure_id: Id
    day: Day | None = None
    told: int
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""


class VisitWatched(PrivateFact):
    """A date of an activity; without a day it is over."""

    type: Literal["care_plan.visit_watched.v1"] = "care_plan.visit_watched.v1"
    activity_id: Id
    patient_id: Id
    appointment_id: Id
    day: Day | None = None
    told: int


class WatchPaused(PrivateFact):
    """No session is held while the activity is on hold."""

    type: Literal["care_plan.watch_paused.v1"] = "care_plan.watch_paused.v1"


class WatchResumed(PrivateFact):
    """The activity goes on."""

    type: Literal["care_plan.watch_resumed.v1"] = "care_plan.watch_resumed.v1"


class WatchEnded(PrivateFact):
    """With the activity."""

    type: Literal["care_plan.watch_ended.v1"] = "care_plan.watch_ended.v1"


class ClashesAccepted(PrivateFact):
    """A clinician saw these dates, and that they may be: visit and procedure, by their appointments, and both days."""

    type: Literal["care_plan.clashes_accepted.v1"] = "care_plan.clashes_accepted.v1"
    visits: tuple[Id, ...]
    visit_days: tuple[Day, ...]
    appointments: tuple[Id, ...]
    procedures: tuple[Id, ...]
    procedure_days: tuple[Day, ...]
