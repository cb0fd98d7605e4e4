"""What can be asked of a request for measures."""

from datetime import date, datetime
from decimal import Decimal

from backbone.model import Command
from schemas.care_plan.v1.codes import Finding, Instrument, Occasion, ScoreError
from schemas.fact import Code


class PlanRequest(Command, tag="plan_measure_request", kw_only=True):
    """The request goes out at `ask_at`, or at once when that has passed."""

    occasion: Occasion
    due_on: date
    ask_at: datetime
    appointment_id: str | None = None


class MoveRequest(Command, tag="move_measure_request", kw_only=True):
    """The visit that it belongs to has another time."""

    due_on: date
    ask_at: datetime


class AskNow(Command, tag="ask_for_measures", kw_only=True):
    """Timer: the window opens. Which instruments is decided now."""

    due_on: date


class RequestMeasures(Command, tag="request_measures", kw_only=True):
    """A clinician asks."""

    referral_id: str
    occasion: Occasion
    instruments: tuple[Instrument, ...]
    due_on: date
    appointment_id: str | None = None
    interview: bool | None = None
    """Staff ask the questions."""


class ChaseMeasures(Command, tag="chase_measures", kw_only=True):
    """Timer: the day before."""

    due_on: date


class MissMeasures(Command, tag="miss_measures", kw_only=True):
    """Timer: the visit or review has passed."""

    due_on: date


class AnswerMeasures(Command, tag="answer_measures", kw_only=True):
    """Answers by instrument; null is an item that was not answered, a fraction a score that somebody else took."""

    submission_id: str
    answers: dict[str, tuple[int | Decimal | None, ...]]


class DeclineMeasures(Command, tag="decline_measures"):
    """The patient does not want to answer."""


class DropRequest(Command, tag="drop_measure_request"):
    """The visit is off, or the referral is over."""


class ReviewFinding(Command, tag="review_finding", kw_only=True):
    """A clinician looked at it."""

    submission_id: str
    finding: Finding
    decision: Code


class MarkScoreInError(Command, tag="mark_score_in_error", kw_only=True):
    """It is another patient's, or was misheard: nothing counts from it."""

    instrument: Instrument
    reason: ScoreError
