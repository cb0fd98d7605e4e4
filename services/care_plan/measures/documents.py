"""What requests about measures say, and what they are told. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel, Field

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import FINDING_DECISION, INSTRUMENT, OCCASION
from schemas.fact import Amount, Day, Id, whole

Instrument = Annotated[str, INSTRUMENT.only]
SomeFew = Field(min_length=1, max_length=20)
Answer = Annotated[int, whole(0, 1000)] | Amount | None
Answers = Annotated[tuple[Answer, ...], Field(min_length=1, max_length=40)]


class NewRequest(RequestBody):
    patient_id: Id
    referral_id: Id
    occasion: Annotated[str, OCCASION.only]
    instruments: Annotated[tuple[Instrument, ...], SomeFew]
    due_on: Day
    appointment_id: Id | None = None


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


class FindingReview(RequestBody):
    decision: Annotated[str, FINDING_DECISION.only]
