"""Private facts of consultations."""

from typing import Literal

from schemas.fact import Code, Id, PrivateFact


class ChecklistKept(PrivateFact):
    """What was answered is content."""

    type: Literal["care_plan.checklist_kept.v1"] = "care_plan.checklist_kept.v1"
    ref: Id


class ConsultationAbandoned(PrivateFact):
    """The patient left, or an emergency."""

    type: Literal["care_plan.consultation_abandoned.v1"] = "care_plan.consultation_abandoned.v1"
    reason: Code


class AddendumKept(PrivateFact):
    """Something was added to a completed consultation."""

    type: Literal["care_plan.addendum_kept.v1"] = "care_plan.addendum_kept.v1"
    ref: Id
    by_id: Id


class LetterTakenBack(PrivateFact):
    """The outcome letter was sent in error: none is signed now."""

    type: Literal["care_plan.letter_taken_back.v1"] = "care_plan.letter_taken_back.v1"


class DraftNotWanted(PrivateFact):
    """Its referral ended before the plan was drafted."""

    type: Literal["care_plan.draft_not_wanted.v1"] = "care_plan.draft_not_wanted.v1"


class DraftNoted(PrivateFact):
    """The plan that the consultation asked for is drafted."""

    type: Literal["care_plan.draft_noted.v1"] = "care_plan.draft_noted.v1"
