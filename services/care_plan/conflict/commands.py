"""What may happen to the dates of procedures and activities, and to the conflicts between them."""

from datetime import date

from backbone.model import Command
from schemas.care_plan.v1.codes import ConflictResolution


class NoteProcedure(Command, tag="note_rest_day", kw_only=True):
    """It has a date, or was done. `procedure_id`: unless only the date is another. `told`: `told_by` of its fact."""

    appointment_id: str
    day: date
    told: int
    procedure_id: str | None = None
    patient_id: str


class DropProcedure(Command, tag="drop_rest_day", kw_only=True):
    """It has no date any more, or not for now: by its appointment, or itself."""

    told: int
    appointment_id: str | None = None
    procedure_id: str | None = None
    patient_id: str


class WatchVisit(Command, tag="watch_visit", kw_only=True):
    """The activity has a date."""

    activity_id: str
    appointment_id: str
    day: date
    told: int
    patient_id: str


class MoveWatchedVisit(Command, tag="move_watched_visit", kw_only=True):
    """One of its dates is another."""

    appointment_id: str
    day: date
    told: int


class EndWatchedVisit(Command, tag="end_watched_visit", kw_only=True):
    """Cancelled, missed or held."""

    appointment_id: str


class LookAtRest(Command, tag="look_at_rest", kw_only=True):
    """The person's procedures may be on other days."""

    patient_id: str


class PauseWatch(Command, tag="pause_watch"):
    """The activity is on hold."""


class ResumeWatch(Command, tag="resume_watch"):
    """It goes on."""


class EndWatch(Command, tag="end_watch", kw_only=True):
    """It has ended."""

    resolution: ConflictResolution


class AcceptConflict(Command, tag="accept_conflict"):
    """A clinician: it may be as it is."""
