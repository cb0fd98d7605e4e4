"""What can be asked of a consultation."""

from datetime import date

import msgspec

from backbone.model import Command
from schemas.care_plan.v1.codes import Audience, ConsultationKind, ConsultationOutcome, InvestigationResult
from schemas.fact import Code


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item of the checklist: an answer, or why it does not apply."""

    answer: str | None = None
    not_applicable: str | None = None

    @property
    def settled(self) -> bool:
        return bool(self.answer or self.not_applicable)


class Coded(msgspec.Struct, frozen=True):
    """A diagnosis."""

    system: Code
    code: str


class StartConsultation(Command, tag="start_consultation", kw_only=True):
    appointment_id: str
    kind: ConsultationKind


class CompleteConsultation(Command, tag="complete_consultation", kw_only=True):
    outcome: ConsultationOutcome
    outcome_detail: Code | None = None
    diagnoses: tuple[Coded, ...] = ()
    checklist: dict[str, Item] = msgspec.field(default_factory=dict)
    note: str | None = None


class AbandonConsultation(Command, tag="abandon_consultation", kw_only=True):
    reason: Code


class AddAddendum(Command, tag="add_addendum", kw_only=True):
    text: str


class RecordResult(Command, tag="record_investigation_result", kw_only=True):
    result: InvestigationResult


class SignLetter(Command, tag="sign_outcome_letter", kw_only=True):
    """`letter_ref`: the letter that is signed in the same act."""

    audience: tuple[Audience, ...]
    letter_ref: str
    left_out: Code | None = None


class TakeLetterBack(Command, tag="take_letter_back", kw_only=True):
    """It was sent in error: another one can be signed."""

    letter_ref: str


class NoteDraft(Command, tag="note_draft"):
    """The plan is drafted."""


class DropDraft(Command, tag="drop_draft"):
    """The referral ended: nobody has to draft a plan any more."""


class MissDraft(Command, tag="miss_draft", kw_only=True):
    """Timer, CON-01."""

    due: date
