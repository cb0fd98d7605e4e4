"""The states of a request for measures."""

from datetime import date, datetime

from backbone.model import State
from schemas.care_plan.v1.codes import Instrument, Occasion


class NoRequest(State, tag="none", kw_only=True):
    planned_by: tuple[str, ...] = ()
    """Causes of its plans, here and in every other shape: none counts twice."""
    referral_id: str | None = None


class Planned(State, tag="planned", kw_only=True):
    occasion: Occasion
    due_on: date
    ask_at: datetime
    appointment_id: str | None = None
    referral_id: str | None = None
    planned_by: tuple[str, ...] = ()


class Requested(State, tag="requested", kw_only=True):
    occasion: Occasion
    due_on: date
    outstanding: tuple[Instrument, ...]
    appointment_id: str | None = None
    referral_id: str | None = None
    planned_by: tuple[str, ...] = ()
    chased: bool = False
    submission_id: str | None = None
    """The latest."""
    findings: tuple[tuple[str, str], ...] = ()
    """(submission, finding) that nobody looked at."""


class Ended(State, tag="ended", kw_only=True):
    """`how`: scored, not_scored, missed, declined, dropped."""

    occasion: Occasion
    how: str
    due_on: date
    outstanding: tuple[Instrument, ...] = ()
    referral_id: str | None = None
    planned_by: tuple[str, ...] = ()
    submission_id: str | None = None
    findings: tuple[tuple[str, str], ...] = ()

    @property
    def may_be_asked_again(self) -> bool:
        """The visit was cancelled or missed before anything was answered: the next one has its own."""
        return self.how in ("dropped", "missed") and self.submission_id is None


MeasureRequest = NoRequest | Planned | Requested | Ended
