"""The letter: drafts while it is written, then one text that nobody changes any more; recalled if it was sent in error.
Its id follows from what it is about, and is the `letter_ref` of `letter_signed`."""

from datetime import datetime
from hashlib import sha256

import msgspec
from msgspec.structs import replace

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
from schemas.care_plan.v1.letter import LetterRecalled, LetterRecallReviewed
from schemas.fact import Code
from services.care_plan.letter.facts import LetterFrozen, LetterWritten
from services.care_plan.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR, OFFICER, PHYSICIAN
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


class Recalled(State, tag="recalled", kw_only=True):
    """Sent in error. Staff read what it said, nobody else does."""

    kind: LetterKind
    text_ref: str
    sha256: str
    audience: tuple[Audience, ...]
    signed_by: str
    signed_at: datetime
    referral_id: str | None = None
    recall_reason: str
    recalled_by: str
    recalled_at: datetime
    recall_result: str | None = None


Final = Signed | Recalled
"""It says what it says."""
Letter = Unwritten | Draft | Final


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


class RecallLetter(Command, tag="recall_letter", kw_only=True):
    """It went to the wrong place, or says the wrong thing."""

    reason: Code
    note: str


class ReviewRecall(Command, tag="review_recall", kw_only=True):
    """What became of it."""

    result: Code


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
def never_again(state: Final, command: WriteLetter, given: Given[Rules]) -> Decision:
    return Refused("it is signed: what is to be added is an addendum", code="already-signed")


@by(PHYSICIAN)
def signed_already(state: Final, command: FreezeLetter, given: Given[Rules]) -> Decision:
    return Refused("it is signed: what is to be added is an addendum", code="already-signed")


@by(CLINICIAN_OR_COORDINATOR)
def recall(state: Signed, command: RecallLetter, given: Given[Rules]) -> Decision:
    """What is read cannot be unread: whoever could read it is asked to destroy it, and the officer hears of it."""
    if not command.note.strip():
        return Refused("say what happened", code="reason-missing")
    told = like(
        LetterRecalled, state, letter_ref=given.target, reason=command.reason, decided_by=decider(given)
    )
    return [Content(given.ref("note"), "note", msgspec.json.encode({"text": command.note})), told]


@by(CLINICIAN_OR_COORDINATOR)
def recalled_already(state: Recalled, command: RecallLetter, given: Given[Rules]) -> Decision:
    return Refused(f"recalled already by {state.recalled_by}", code="recalled-already")


@by(OFFICER)
def review(state: Recalled, command: ReviewRecall, given: Given[Rules]) -> Decision:
    if state.recall_result == command.result:
        return ()
    return [LetterRecallReviewed(letter_ref=given.target, result=command.result, decided_by=decider(given))]


def written(state: Unwritten | Draft, fact: LetterWritten, head: Head) -> Draft:
    return like(Draft, fact, referral_id=head.pathway_id)


def frozen(state: Unwritten | Draft, fact: LetterFrozen, head: Head) -> Signed:
    return like(Signed, fact, referral_id=head.pathway_id, signed_at=head.occurred_at)


def recalled(state: Signed, fact: LetterRecalled, head: Head) -> Recalled:
    return like(
        Recalled,
        state,
        recall_reason=fact.reason,
        recalled_by=fact.decided_by,
        recalled_at=head.occurred_at,
    )


def reviewed(state: Recalled, fact: LetterRecallReviewed, head: Head) -> Recalled:
    return replace(state, recall_result=fact.result)


class Letters(Found):
    """How letters are found."""

    referral_id = field("referral_id")


LETTER = Aggregate[Letter](
    "letter",
    Unwritten(),
    decide=Table(write, freeze, never_again, signed_already, recall, recalled_already, review),
    evolve=Table(written, frozen, recalled, reviewed),
    columns=Letters,
)


def letter_id(subject_id: str, kind: LetterKind, number: int = 1, again: int = 0) -> str:
    """The letter about a consultation, or about the end of a plan; a plan that went on after one has another later.
    `again`: how many before it were sent in error."""
    return derive(subject_id, f"letter:{kind}:{number}{f':{again}' if again else ''}")
