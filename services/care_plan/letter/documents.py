"""What requests about letters say, and how letters are shown. Unknown fields are errors."""

from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, Field

from backbone.http.calls import Document, RequestBody
from backbone.model import Snapshot
from schemas.care_plan.v1.codes import LEFT_OUT, RECALL_REASON, RECALL_RESULT, Audience, LetterKind
from schemas.fact import Id, Instant
from schemas.said import LongText as Text
from schemas.said import Text as Note
from services.care_plan.letter.aggregate import Letter


class Writing(RequestBody):
    """Without a text: drafted from the clinic's template."""

    text: Text | None = None


class Signing(RequestBody):
    """Without a text: the draft as it stands."""

    audience: Annotated[tuple[Audience, ...], Field(min_length=1, max_length=20)]
    text: Text | None = None


class OutcomeSigning(Signing):
    """`left_out`: why it is not for the referrer, the patient's practice and the patient."""

    left_out: Annotated[str, LEFT_OUT.only] | None = None


class Recall(RequestBody):
    """Why it should never have been sent, and what happened."""

    reason: Annotated[str, RECALL_REASON.only]
    note: Note


class RecallReview(RequestBody):
    """What became of it at whom it reached."""

    result: Annotated[str, RECALL_RESULT.only]


class LetterDocument(BaseModel):
    """A draft, or a signed letter: then `sha256` is the hash of `text`, in UTF-8. One that was sent in error is
    `recalled`; staff alone read its text."""

    id: Id
    version: int
    patient_id: Id | None
    referral_id: Id | None
    status: str
    kind: LetterKind
    text: str | None = None
    template: str | None = None
    audience: list[Audience] = []
    signed_by: Id | None = None
    signed_at: Instant | None = None
    sha256: str | None = None
    recall_reason: str | None = None
    recalled_by: Id | None = None
    recalled_at: Instant | None = None
    recall_result: str | None = None


class LetterList(BaseModel):
    """Without their texts."""

    letters: list[LetterDocument]


def document(letter: Snapshot[Letter]) -> Document:
    state: dict[str, Any] = msgspec.to_builtins(letter.state)
    del state["text_ref"]
    ids = {"id": letter.id, "version": letter.version, "patient_id": letter.lane_key}
    return {**ids, "referral_id": letter.pathway_id, **state}
