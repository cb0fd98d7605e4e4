"""Facts of letters that went to the wrong place."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import Audience, LetterKind, RecallReason, RecallResult
from schemas.fact import FEW, Fact, Id


class LetterFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "letter"


class LetterRecalled(LetterFact):
    """Sent in error: nobody outside reads it any more, and whoever has it is asked to destroy it."""

    type: Literal["care_plan.letter_recalled.v1"] = "care_plan.letter_recalled.v1"
    letter_ref: Id
    kind: LetterKind
    audience: Annotated[tuple[Audience, ...], FEW]
    reason: RecallReason
    decided_by: Id


class LetterRecallReviewed(LetterFact):
    """The officer knows what became of it."""

    type: Literal["care_plan.letter_recall_reviewed.v1"] = "care_plan.letter_recall_reviewed.v1"
    letter_ref: Id
    result: RecallResult
    decided_by: Id
