"""Private facts of letters. What they say is content."""

from typing import Literal

from schemas.care_plan.v1.codes import Audience, LetterKind
from schemas.fact import Code, Id, PrivateFact


class LetterWritten(PrivateFact):
    """A draft, or the next one. `template`: the one that it began from, with its version."""

    type: Literal["care_plan.letter_written.v1"] = "care_plan.letter_written.v1"
    kind: LetterKind
    text_ref: Id
    template: Code | None = None


class LetterFrozen(PrivateFact):
    """Signed: from now on it says this. `sha256` is the hash of its text, in UTF-8."""

    type: Literal["care_plan.letter_frozen.v1"] = "care_plan.letter_frozen.v1"
    kind: LetterKind
    text_ref: Id
    sha256: str
    audience: tuple[Audience, ...]
    signed_by: Id
