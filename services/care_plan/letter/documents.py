"""What requests about letters say, and how letters are shown. Unknown fields are errors."""

from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, Field

from backbone.http.calls import Document, RequestBody
from backbone.model import Snapshot
from schemas.care_plan.v1.codes import Audience, LetterKind
from schemas.fact import Id, Instant
from schemas.said import LongText as Text
from services.care_plan.letter.aggregate import Letter


class Writing(RequestBody):
    """Without a text: drafted from the clinic's template."""

    text: Text | None = None


class Signing(RequestBody):
    """Without a text: the draft as it stands."""

    audience: Annotated[tuple[Audience, ...], Field(min_length=1, max_length=20)]
    text: Text | None = None


class LetterDocument(BaseModel):
    """A draft, or a signed letter: then `sha256` is the hash of `text`, in UTF-8."""

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


class LetterList(BaseModel):
    """Without their texts."""

    letters: list[LetterDocument]


def document(letter: Snapshot[Letter]) -> Document:
    state: dict[str, Any] = msgspec.to_builtins(letter.state)
    del state["text_ref"]
    ids = {"id": letter.id, "version": letter.version, "patient_id": letter.lane_key}
    return {**ids, "referral_id": letter.pathway_id, **state}
