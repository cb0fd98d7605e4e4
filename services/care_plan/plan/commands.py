"""What can be asked of a care plan."""

from datetime import date

from backbone.model import Command
from schemas.care_plan.v1.codes import Audience, DischargeReason, HandoverReason, ReviewResult
from schemas.codes import Discipline
from schemas.fact import Code
from services.care_plan.plan.content import PlanText


class DraftPlan(Command, tag="draft_plan", kw_only=True):
    """The first version."""

    referral_id: str
    text: PlanText


class ActivatePlan(Command, tag="activate_plan", kw_only=True):
    """`disciplines` are those of its activities."""

    patient_agreement: bool
    disciplines: tuple[Discipline, ...]
    lead_id: str | None = None
    review_on: date | None = None


class UpdatePlan(Command, tag="update_plan", kw_only=True):
    """A new version, whole, and what changed."""

    text: PlanText
    changed: tuple[Code, ...]


class OfferHandover(Command, tag="offer_handover", kw_only=True):
    """Another clinician is asked to lead it."""

    to_id: str
    reason: HandoverReason


class AcceptHandover(Command, tag="accept_handover"):
    """By whoever was asked."""


class DeclineHandover(Command, tag="decline_handover"):
    """By whoever was asked."""


class WithdrawHandover(Command, tag="withdraw_handover"):
    """Nobody is asked any more."""


class HoldPlan(Command, tag="hold_plan", kw_only=True):
    """Until `review_on`, when somebody looks."""

    reason: Code
    review_on: date


class ResumePlan(Command, tag="resume_plan"):
    """It goes on."""


class RevokePlan(Command, tag="revoke_plan", kw_only=True):
    reason: Code


class MarkPlanInError(Command, tag="mark_plan_in_error", kw_only=True):
    reason: Code


class AnnounceReview(Command, tag="announce_review", kw_only=True):
    """Timer."""

    due_on: date


class BeginContactMonth(Command, tag="begin_contact_month"):
    """Timer."""


class RecordLevels(Command, tag="record_levels", kw_only=True):
    """Of goals, in the order of `goals`; and what of DIS-01 is there."""

    goals: tuple[str, ...]
    levels: tuple[int, ...]
    met: tuple[Code, ...] = ()


class NoteSuggestion(Command, tag="note_suggestion", kw_only=True):
    """What the goals suggest to whoever reviews the plan."""

    by_event: str
    findings: tuple[Code, ...]


class ReviewPlan(Command, tag="review_plan", kw_only=True):
    """`met`: what of DIS-01 is there."""

    result: ReviewResult
    next_review: date | None = None
    met: tuple[Code, ...] = ()
    note: str | None = None


class NoteWork(Command, tag="note_work", kw_only=True):
    """Somebody accepted it."""

    activity_id: str
    owner_id: str
    discipline: Discipline


class EndWork(Command, tag="end_work", kw_only=True):
    activity_id: str


class TakePlanLetterBack(Command, tag="take_plan_letter_back", kw_only=True):
    """It was sent in error: another one is to be signed."""

    letter_ref: str


class SignDischargeLetter(Command, tag="sign_discharge_letter", kw_only=True):
    """`letter_ref`: the letter that is signed in the same act."""

    audience: tuple[Audience, ...]
    letter_ref: str


class Discharge(Command, tag="discharge_patient", kw_only=True):
    """`met`: what of DIS-01 is there besides what the plan knows. `no_final_measures`: why there are none."""

    reason: DischargeReason
    to: Code = "referrer"
    handover_prescriber: bool | None = None
    no_final_measures: Code | None = None
    met: tuple[Code, ...] = ()


class DischargeDeceased(Command, tag="discharge_deceased", kw_only=True):
    """The patient died; who recorded it."""

    decided_by: str


class DeclineDischarge(Command, tag="decline_discharge", kw_only=True):
    """Care goes on: without `next_review` it is looked at when the first review would be."""

    reason: Code
    next_review: date | None = None


class OpenPifu(Command, tag="open_pifu"):
    """Patient-initiated follow-up is agreed: the plan is completed, the window open."""


class OpenPifuAtOnce(Command, tag="open_pifu_at_once"):
    """It was the consultation's outcome: there is a window and no plan."""

    referral_id: str | None = None


class ExpirePifu(Command, tag="expire_pifu", kw_only=True):
    """Timer."""

    ends_on: date


class UsePifu(Command, tag="use_pifu"):
    """The patient called."""


class EndPlan(Command, tag="end_plan", kw_only=True):
    """The referral ended."""

    reason: Code
