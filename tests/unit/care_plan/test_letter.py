"""A letter: drafts while it is written, one text from its signature on."""

from hashlib import sha256

from services.care_plan.letter.aggregate import LETTER, Draft, FreezeLetter, Signed, WriteLetter
from services.care_plan.letter.facts import LetterFrozen, LetterWritten
from tests.support.deciding import TARGET, deciding, like, refused
from tests.unit.care_plan.situations import COORDINATOR, NURSE, PHYSICIAN, rules

given = deciding(LETTER, rules(), actor=PHYSICIAN)
WRITE = WriteLetter(kind="outcome", text="Dear colleague")
SIGN = FreezeLetter(kind="outcome", audience=("referrer",), text="Dear colleague, goodbye")


def test_a_clinician_drafts_and_drafts_again() -> None:
    given().when(NURSE, WRITE).then(like(LetterWritten, kind="outcome")).then_state(Draft)
    given().when(NURSE, WRITE, WRITE).then(LetterWritten, LetterWritten).then_state(Draft)
    given().when(COORDINATOR, WRITE).then(refused(code="not-permitted"))


def test_a_physician_signs_and_its_text_has_a_hash() -> None:
    frozen = like(LetterFrozen, sha256=sha256(SIGN.text.encode()).hexdigest(), text_ref=TARGET)
    given().when(WRITE, SIGN).then(LetterWritten, frozen).then_state(Signed)
    given().when(NURSE, SIGN).then(refused(code="not-permitted"))


def test_what_is_signed_is_never_written_or_signed_again() -> None:
    for command in (WRITE, SIGN):
        given().when(SIGN, command).then(refused(code="already-signed")).then_state(Signed)
