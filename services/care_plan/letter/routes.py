"""HTTP routes of letters: drafted, edited, signed, read by whom they are for. No rules."""

from typing import Annotated, Any

from fastapi import Depends, Path
from fastapi.responses import Response

from backbone.http.access import Running, StaffOf
from backbone.http.calls import Call, Calling
from backbone.http.disclosure import Reads
from backbone.http.identity import Caller
from backbone.http.problems import Problem, checked_id, not_found
from backbone.http.resources import Actions, Resource, reading
from backbone.http.routes import get, post
from backbone.model import Route, Snapshot
from schemas.care_plan.v1.codes import LetterKind
from services.care_plan.consultation.aggregate import CONSULTATION
from services.care_plan.consultation.commands import SignLetter
from services.care_plan.consultation.routes import CONSULTATIONS
from services.care_plan.consultation.states import Consultation
from services.care_plan.letter import queries, reactions
from services.care_plan.letter.aggregate import (
    LETTER,
    Draft,
    FreezeLetter,
    Letter,
    RecallLetter,
    ReviewRecall,
    WriteLetter,
)
from services.care_plan.letter.documents import (
    LetterDocument,
    LetterList,
    OutcomeSigning,
    Recall,
    RecallReview,
    Signing,
    Writing,
    document,
)
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.commands import SignDischargeLetter
from services.care_plan.plan.routes import PLANS, Plan

LETTERS = Resource(LETTER, lambda letter, caller: document(letter))
LetterOf = Annotated[Snapshot[Letter], StaffOf(LETTER, "letter_id")]
ThisConsultation = Annotated[Snapshot[Consultation], StaffOf(CONSULTATION, "consultation_id")]


async def letter_for(
    running: Running, caller: Caller, reads: Reads, this: Annotated[str, Path(alias="letter_id")]
) -> Snapshot[Letter]:
    """Raises Problem 404 for whom it is not."""
    found = await running.load(LETTER, checked_id(this))
    if found is not None and reads is not None:
        reads.name(found.lane_key)
    if found is None or not await queries.is_for(running, caller, found):
        raise not_found("letter")
    if reads is not None:
        if isinstance(found.state, Draft):
            reads.turn_to("letter_draft")
        await reads.of(found.lane_key)
    return found


ThisLetter = Annotated[Snapshot[Letter], Depends(letter_for)]


async def get_letter(running: Running, caller: Caller, letter: ThisLetter) -> Response:
    """The text, as it was signed; drafts for clinicians only."""
    return LETTERS.seen(letter, caller, text=await queries.text_for(running, caller, letter))


async def get_letter_actions(call: Calling, letter: LetterOf) -> Response:
    """What may be done with it as it stands, and by whom. Staff only; of the text it says nothing."""
    return LETTERS.actions(call, letter)


async def list_letters(running: Running, caller: Caller, reads: Reads, referral_id: str) -> Response:
    """Letters about a referral: those that are for the caller."""
    found = await queries.letters_of(running, checked_id(referral_id))
    shown = [each for each in found if await queries.is_for(running, caller, each)]
    if reads is not None:
        reads.name(*(each.lane_key for each in shown))
    return reading({"letters": [document(each) for each in shown]})


async def write_outcome_letter(call: Calling, consultation: ThisConsultation, body: Writing) -> Response:
    """A draft of the outcome letter, or its next version."""
    return await write(call, consultation, "outcome", body)


async def write_discharge_letter(call: Calling, plan: Plan, body: Writing) -> Response:
    """A draft of the summary letter, or its next version."""
    return await write(call, plan, "discharge", body)


async def write(call: Call, about: Snapshot[Any], kind: LetterKind, body: Writing) -> Response:
    text, template = body.text, None
    if text is None:
        text = await queries.drafted(call.runtime, kind, about)
        template = f"{kind}.{call.runtime.rules.letters.version}"
    letter = await queries.letter_about(call.runtime, about, kind)
    command = WriteLetter(kind=kind, text=text, template=template)
    return await LETTERS.order(call, reactions.write(about, letter, command))


async def sign_outcome_letter(
    call: Calling, consultation: ThisConsultation, body: OutcomeSigning
) -> Response:
    """The outcome letter (CON-02). From now on it stays as it is."""
    letter = await queries.letter_about(call.runtime, consultation, "outcome")
    frozen = await freezing(call, letter, "outcome", body)
    signed = CONSULTATIONS.send(
        call, consultation, SignLetter(audience=body.audience, letter_ref=letter, left_out=body.left_out)
    )
    return await CONSULTATIONS.order(call, reactions.sign(consultation, signed, letter, frozen))


async def sign_discharge_letter(call: Calling, plan: Plan, body: Signing) -> Response:
    """The summary letter (DIS-01). From now on it stays as it is."""
    letter = await queries.letter_about(call.runtime, plan, "discharge")
    frozen = await freezing(call, letter, "discharge", body)
    signed = PLANS.send(call, plan, SignDischargeLetter(audience=body.audience, letter_ref=letter))
    return await PLANS.order(call, reactions.sign(plan, signed, letter, frozen))


async def recall_letter(call: Calling, letter: LetterOf, body: Recall) -> Response:
    """It was sent in error: nobody outside reads it any more. To whom it went stands among the disclosures."""
    return await LETTERS.give(call, letter, RecallLetter(reason=body.reason, note=body.note))


async def review_recall(call: Calling, letter: LetterOf, body: RecallReview) -> Response:
    """The privacy officer: what became of it."""
    return await LETTERS.give(call, letter, ReviewRecall(result=body.result))


async def freezing(call: Call, letter: str, kind: LetterKind, body: Signing) -> FreezeLetter:
    """The text of the request, or of the draft. Raises Problem 409 where there is neither."""
    text = body.text
    if text is None:
        draft = await call.runtime.load(LETTER, letter)
        text = await queries.text_of(call.runtime, draft) if draft else None
    if text is None:
        raise Problem(409, "no-draft", "Write the letter first, or send its text.", instead=["WriteLetter"])
    return FreezeLetter(kind=kind, audience=body.audience, text=text)


ROUTES: tuple[Route, ...] = (
    get("/letters/{letter_id}", get_letter, LetterDocument, reads="letter"),
    get("/referrals/{referral_id}/letters", list_letters, LetterList, reads="letter"),
    get("/letters/{letter_id}/actions", get_letter_actions, Actions, reads="index"),
    post("/letters/{letter_id}/recall", recall_letter, LetterDocument),
    post("/letters/{letter_id}/recall-review", review_recall, LetterDocument),
    post("/consultations/{consultation_id}/letter", write_outcome_letter, LetterDocument),
    post("/plans/{plan_id}/discharge/letter", write_discharge_letter, LetterDocument),
    post("/consultations/{consultation_id}/letter/sign", sign_outcome_letter, CONSULTATION),
    post("/plans/{plan_id}/discharge/letter/sign", sign_discharge_letter, CARE_PLAN),
)
