"""The states of a request for measures, and what can be asked of it."""

from datetime import date, datetime

from backbone.model import Command, State
from schemas.care_plan.v1.codes import Finding, Instrument, Occasion


class NoRequest(State, tag="none", frozen=True, kw_only=True):
    planned_by: tuple[str, ...] = ()
    """Causes of its plans, here and in every other shape: none counts twice."""


class Planned(State, tag="planned", frozen=True, kw_only=True):
    occasion: Occasion
    due_on: date
    ask_at: datetime
    appointment_id: str | None = None
    referral_id: str | None = None
    planned_by: tuple[str, ...] = ()


class Requested(State, tag="requested", frozen=True, kw_only=True):
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


class Ended(State, tag="ended", frozen=True, kw_only=True):
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


class PlanRequest(Command, tag="plan_measure_request", kw_only=True, frozen=True):
    """The request goes out at `ask_at`, or at once when that has passed."""

    occasion: Occasion
    due_on: date
    ask_at: datetime
    appointment_id: str | None = None


class MoveRequest(Command, tag="move_measure_request", kw_only=True, frozen=True):
    """The visit that it belongs to has another time."""

    due_on: date
    ask_at: datetime


class AskNow(Command, tag="ask_for_measures", kw_only=True, frozen=True):
    """Timer: the window opens. Which instruments is decided now."""

    due_on: date


class RequestMeasures(Command, tag="request_measures", kw_only=True, frozen=True):
    """A clinician asks."""

    occasion: Occasion
    instruments: tuple[Instrument, ...]
    due_on: date
    appointment_id: str | None = None


class ChaseMeasures(Command, tag="chase_measures", kw_only=True, frozen=True):
    """Timer: the day before."""

    due_on: date


class MissMeasures(Command, tag="miss_measures", kw_only=True, frozen=True):
    """Timer: the visit or review has passed."""

    due_on: date


class AnswerMeasures(Command, tag="answer_measures", kw_only=True, frozen=True):
    """Answers by instrument; null is an item that was not answered."""

    submission_id: str
    answers: dict[str, tuple[int | None, ...]]


class DeclineMeasures(Command, tag="decline_measures", kw_only=True, frozen=True):
    pass


class DropRequest(Command, tag="drop_measure_request", kw_only=True, frozen=True):
    """The visit is off, or the referral is over."""


class ReviewFinding(Command, tag="review_finding", kw_only=True, frozen=True):
    submission_id: str
    finding: Finding
    decision: str
