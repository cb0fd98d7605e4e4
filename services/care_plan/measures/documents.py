"""What requests about measures say, and what they are told. Unknown fields are errors."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from backbone.http.calls import Document, RequestBody
from schemas.care_plan.v1.codes import FINDING_DECISION, INSTRUMENT, OCCASION, SCORE_ERROR
from schemas.fact import Amount, Day, Id, YesNo, whole
from schemas.said import each_once
from services.care_plan.measures.decide.suicide_risk import judged
from services.care_plan.rules import Rules

Instrument = Annotated[str, INSTRUMENT.only]
UNHEARD = (
    "These answers were not kept and nobody was told of them. Call now, or have somebody call who is with the patient;"
    " then send them again, PHQ-9 alone if need be."
)
UNREAD = (
    "Nothing of this could be read and nobody was told of it. If it tells of somebody in danger, call now, or have"
    " somebody call who is with the patient; then send it again."
)
SomeFew = Field(min_length=1, max_length=20)
Answer = Annotated[int, whole(0, 1000)] | Amount | None
Answers = Annotated[tuple[Answer, ...], Field(min_length=1, max_length=40)]


class NewRequest(RequestBody):
    """`interview`: staff ask the questions where the patient is, and nobody is invited."""

    patient_id: Id
    referral_id: Id
    occasion: Annotated[str, OCCASION.only]
    instruments: Annotated[tuple[Instrument, ...], SomeFew, each_once()]
    due_on: Day
    appointment_id: Id | None = None
    interview: YesNo | None = None


class RequestId(BaseModel):
    request_id: Id


class GivenAnswers(RequestBody):
    """By instrument, in the order of its items; null is an item that was not answered. What is a score already (a
    T-score of PROMIS) may be a decimal in a string."""

    answers: Annotated[dict[Instrument, Answers], SomeFew]


class ScoreDocument(BaseModel):
    instrument: Instrument
    score: str


class CrisisHelp(BaseModel):
    """Whom to call now."""

    call_now: str
    emergency: str


class Scores(BaseModel):
    """`crisis` for whoever answered so that it is needed; `set_aside` was not asked for and is kept unscored."""

    scores: list[ScoreDocument]
    set_aside: list[Instrument] = []
    crisis: CrisisHelp | None = None


def crisis_help(phq9: Any, rules: Rules) -> Document:
    """Whom to call, for whoever answered so that it is needed."""
    if not judged(rules.measures.suicide_risk, phq9).fired:
        return {}
    contacts = rules.clinic.emergency_contacts
    return {"crisis": {"call_now": contacts.crisis, "emergency": contacts.emergency}}


def crisis_in(body: Any, rules: Rules) -> Document:
    """The same for answers that were not taken: nobody else hears of them. What can't be read counts (PRV-34)."""
    if body is None:
        return told_to_call(UNREAD, crisis_help(None, rules))
    answers = body.get("answers") if isinstance(body, dict) else None
    phq9 = answers.get("phq9", []) if isinstance(answers, dict) else []
    found = crisis_help(phq9 if isinstance(phq9, list) else None, rules)
    return told_to_call(UNHEARD, found)


def told_to_call(what: str, found: Document) -> Document:
    return {name: {**whom, "what_to_do": what} for name, whom in found.items()}


class FindingReview(RequestBody):
    decision: Annotated[str, FINDING_DECISION.only]


class Mistaken(RequestBody):
    reason: Annotated[str, SCORE_ERROR.only]
