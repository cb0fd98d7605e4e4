"""The letter: drafts while it is written, then one text that nobody changes any more. Its id follows from what it is
about, and is the `letter_ref` of `letter_signed`."""

from datetime import datetime
from hashlib import sha256

import msgspec

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Command,
    Content,
    Decision,
    Given,
    Head,
    Refused,
    State,
    Table,
    by,
    decider,
    field,
    like,
)
from backbone.model import Columns as Found
from schemas.care_plan.v1.codes import Audience, LetterKind
from schemas.fact import Code
from services.care_plan.letter.facts import LetterFrozen, LetterWritten
from services.care_plan.roles import CLINICIAN, PHYSICIAN
from services.care_plan.rules import Rules


class Unwritten(State, tag="none"):
    """Nobody began."""


class Draft(State, tag="draft", kw_only=True):
    kind: LetterKind
    text_ref: str
    referral_id: str | None = None
    template: Code | None = None


class Signed(State, tag="signed", kw_only=True):
    kind: LetterKind
    text_ref: str
    sha256: str
    audience: tuple[Audience, ...]
    signed_by: str
    signed_at: datetime
    referral_id: str | None = None


Letter = Unwritten | Draft | Signed


class WriteLetter(Command, tag="write_letter", kw_only=True):
    """A draft, or its next version."""

    kind: LetterKind
    text: str
    template: Code | None = None


class FreezeLetter(Command, tag="freeze_letter", kw_only=True):
    """Signed as it stands here."""

    kind: LetterKind
    audience: tuple[Audience, ...]
    text: str


@by(CLINICIAN)
def write(state: Unwritten | Draft, command: WriteLetter, given: Given[Rules]) -> Decision:
    ref = given.ref("draft")
    draft = Content(ref, "letter_draft", msgspec.json.encode(command.text))
    return [draft, like(LetterWritten, command, text_ref=ref)]


@by(PHYSICIAN)
def freeze(state: Unwritten | Draft, command: FreezeLetter, given: Given[Rules]) -> Decision:
    """The text under the letter's own id, and its hash."""
    frozen = like(
        LetterFrozen,
        command,
        text_ref=given.target,
        sha256=sha256(command.text.encode()).hexdigest(),
        signed_by=decider(given),
    )
    return [Content(given.target, "letter", msgspec.json.encode(command.text)), frozen]


@by(CLINICIAN)
def never_again(state: Signed, command: WriteLetter, given: Given[Rules]) -> Decision:
    return Refused("it is signed: what is to be added is an addendum", code="already-signed")


@by(PHYSICIAN)
def signed_already(state: Signed, command: FreezeLetter, given: Given[Rules]) -> Decision:
    return Refused("it is signed: what is to be added is an addendum", code="already-signed")


def written(state: Unwritten | Draft, fact: LetterWritten, head: Head) -> Draft:
    return like(Draft, fact, referral_id=head.pathway_id)


def frozen(state: Unwritten | Draft, fact: LetterFrozen, head: Head) -> Signed:
    return like(Signed, fact, referral_id=head.pathway_id, signed_at=head.occurred_at)


class Letters(Found):
    """How letters are found."""

    referral_id = field("referral_id")


LETTER = Aggregate[Letter](
    "letter",
    Unwritten(),
    decide=Table(write, freeze, never_again, signed_already),
    evolve=Table(written, frozen),
    columns=Letters,
)


def letter_id(subject_id: str, kind: LetterKind, number: int = 1) -> str:
    """The letter about a consultation, or about the end of a plan; a plan that went on after one has another later."""
    return derive(subject_id, f"letter:{kind}:{number}")
