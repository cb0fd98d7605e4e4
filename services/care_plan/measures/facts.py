"""Private facts of requests for measures."""

from typing import Annotated, Literal

from schemas.care_plan.v1.codes import INSTRUMENT, OCCASION
from schemas.fact import Day, Id, Instant, PrivateFact


class RequestPlanned(PrivateFact):
    """It will be asked for at `ask_at`."""

    type: Literal["care_plan.request_planned.v1"] = "care_plan.request_planned.v1"
    occasion: Annotated[str, OCCASION.passed_on]
    due_on: Day
    ask_at: Instant
    appointment_id: Id | None = None


class RequestDropped(PrivateFact):
    """No longer wanted: the visit is off, or the referral over."""

    type: Literal["care_plan.request_dropped.v1"] = "care_plan.request_dropped.v1"


class AnswersKept(PrivateFact):
    """Raw answers are content. `instruments`: those that were asked for; no others are scored."""

    type: Literal["care_plan.answers_kept.v1"] = "care_plan.answers_kept.v1"
    submission_id: Id
    instruments: tuple[Annotated[str, INSTRUMENT.passed_on], ...]


class BaselineTooOld(PrivateFact):
    """The visit has another date: the baseline that was answered is too old by then and is asked for again."""

    type: Literal["care_plan.baseline_too_old.v1"] = "care_plan.baseline_too_old.v1"
    due_on: Day
    ask_at: Instant
    appointment_id: Id | None = None
