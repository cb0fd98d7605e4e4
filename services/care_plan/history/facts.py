"""Private facts of a referral's history."""

from typing import Annotated, Literal

from schemas.care_plan.v1.codes import INSTRUMENT, OCCASION
from schemas.fact import Code, Day, Dec, Id, Instant, PrivateFact, Slug, sensitivity


class SitesNoted(PrivateFact):
    """The referral is known, and whether it is about back pain."""

    type: Literal["care_plan.sites_noted.v1"] = "care_plan.sites_noted.v1"
    back_pain: Annotated[bool, sensitivity("phi")]
    referrer_org_id: Id | None = None
    payer_profile: Slug | None = None


class ScoreNoted(PrivateFact):
    """A score, for whatever compares with it later."""

    type: Literal["care_plan.score_noted.v1"] = "care_plan.score_noted.v1"
    occasion: Annotated[str, OCCASION.passed_on]
    instrument: Annotated[str, INSTRUMENT.passed_on]
    subscale: Code | None = None
    instrument_version: Code
    score: Annotated[Dec, sensitivity("phi")]
    item_sum: Annotated[int | None, sensitivity("phi")] = None
    responder: Annotated[bool | None, sensitivity("phi")] = None
    taken_at: Instant
    request_id: Id | None = None


class ScoreTakenBack(PrivateFact):
    """The scores of an instrument of one request were entered by mistake."""

    type: Literal["care_plan.score_taken_back.v1"] = "care_plan.score_taken_back.v1"
    request_id: Id
    instrument: Annotated[str, INSTRUMENT.passed_on]
    lacking: bool = False
    """No other score of it was taken since: what it says now is not known."""


class FirstVisitNoted(PrivateFact):
    """When the patient is seen first, and since when a baseline counts."""

    type: Literal["care_plan.first_visit_noted.v1"] = "care_plan.first_visit_noted.v1"
    appointment_id: Id
    version: int
    on: Day
    baseline_since: Instant


class PlanNoted(PrivateFact):
    """The plan began, or one of its activities was ordered or has ended."""

    type: Literal["care_plan.plan_noted.v1"] = "care_plan.plan_noted.v1"
    started_on: Day | None = None
    baseline_until: Instant | None = None
    activity_id: Id | None = None
    running: bool | None = None


class ReviewNoted(PrivateFact):
    """The plan was reviewed."""

    type: Literal["care_plan.review_noted.v1"] = "care_plan.review_noted.v1"
    on: Day


class AttendanceNoted(PrivateFact):
    """Of a visit of the plan: whether the patient came."""

    type: Literal["care_plan.attendance_noted.v1"] = "care_plan.attendance_noted.v1"
    appointment_id: Id
    how: Code


class MissedSessionNoted(PrivateFact):
    """A session was missed; without a discipline, it was not."""

    type: Literal["care_plan.missed_session_noted.v1"] = "care_plan.missed_session_noted.v1"
    appointment_id: Id
    discipline: Code | None = None


class FullTurnNoted(PrivateFact):
    """The full battery was asked for."""

    type: Literal["care_plan.full_turn_noted.v1"] = "care_plan.full_turn_noted.v1"
    on: Day


class EndNoted(PrivateFact):
    """The referral is over."""

    type: Literal["care_plan.end_noted.v1"] = "care_plan.end_noted.v1"


class StepUpSuggested(PrivateFact):
    """No responder at several reviews one after the other, though the patient comes (OUT-05)."""

    type: Literal["care_plan.step_up_suggested.v1"] = "care_plan.step_up_suggested.v1"
    on: Day
