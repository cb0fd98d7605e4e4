"""What can be asked of a care plan."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from backbone.model import Command
from schemas.care_plan.v1.codes import Audience, DischargeReason, ReviewResult
from schemas.codes import Discipline
from services.care_plan.domain.plan.states import GoalLine

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$")]
Text = Annotated[str, Meta(min_length=1, max_length=20_000)]


class DraftPlan(Command, tag="draft_plan", kw_only=True, frozen=True):
    """`body` is the JSON of the whole plan, kept as content."""

    body: str
    goals: Annotated[tuple[GoalLine, ...], Meta(min_length=1)]
    activities: Annotated[tuple[str, ...], Meta(min_length=1)]
    consultation_id: str | None = None


class ActivatePlan(Command, tag="activate_plan", kw_only=True, frozen=True):
    patient_agreement: bool
    disciplines: tuple[Discipline, ...]
    lead_id: str | None = None
    review_on: date | None = None


class UpdatePlan(Command, tag="update_plan", kw_only=True, frozen=True):
    """A new version: the whole body, what is added, what changed."""

    body: str
    changed: Annotated[tuple[Code, ...], Meta(min_length=1)]
    goals: tuple[GoalLine, ...] = ()
    activities: tuple[str, ...] = ()


class HoldPlan(Command, tag="hold_plan", kw_only=True, frozen=True):
    reason: Code
    review_on: date


class ResumePlan(Command, tag="resume_plan", kw_only=True, frozen=True):
    pass


class RevokePlan(Command, tag="revoke_plan", kw_only=True, frozen=True):
    reason: Code


class MarkPlanInError(Command, tag="mark_plan_in_error", kw_only=True, frozen=True):
    reason: Code


class AnnounceReview(Command, tag="announce_review", kw_only=True, frozen=True):
    """Timer."""

    due_on: date


class RecordLevels(Command, tag="record_levels", kw_only=True, frozen=True):
    goals: tuple[str, ...]
    levels: tuple[Annotated[int, Meta(ge=-2, le=2)], ...]


class ReviewPlan(Command, tag="review_plan", kw_only=True, frozen=True):
    """`met`: what of DIS-01 is there, where the result is discharge."""

    result: ReviewResult
    next_review: date | None = None
    met: tuple[Code, ...] = ()
    note: str | None = None


class NoteWork(Command, tag="note_work", kw_only=True, frozen=True):
    activity_id: str
    owner_id: str
    discipline: Discipline


class EndWork(Command, tag="end_work", kw_only=True, frozen=True):
    activity_id: str


class SignDischargeLetter(Command, tag="sign_discharge_letter", kw_only=True, frozen=True):
    audience: Annotated[tuple[Audience, ...], Meta(min_length=1)]
    text: Text


class Discharge(Command, tag="discharge_patient", kw_only=True, frozen=True):
    reason: DischargeReason
    to: Code = "referrer"
    handover_prescriber: bool | None = None
    met: tuple[Code, ...] = ()


class DeclineDischarge(Command, tag="decline_discharge", kw_only=True, frozen=True):
    reason: Code


class OpenPifu(Command, tag="open_pifu", kw_only=True, frozen=True):
    """Patient-initiated follow-up is agreed: the plan is completed, the window open."""


class OpenPifuAtOnce(Command, tag="open_pifu_at_once", kw_only=True, frozen=True):
    """It was the consultation's outcome: there is a window and no plan."""


class ExpirePifu(Command, tag="expire_pifu", kw_only=True, frozen=True):
    """Timer."""

    ends_on: date


class UsePifu(Command, tag="use_pifu", kw_only=True, frozen=True):
    """The patient called."""


class EndPlan(Command, tag="end_plan", kw_only=True, frozen=True):
    """The referral ended."""

    reason: Code
