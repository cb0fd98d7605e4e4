"""What requests about measures say, and what they are told. Unknown fields are errors."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import Instrument, Occasion
from schemas.fact import Code, Id


class NewRequest(RequestBody):
    patient_id: Id
    referral_id: Id
    occasion: Occasion
    instruments: Annotated[tuple[Instrument, ...], Field(min_length=1)]
    due_on: date
    appointment_id: Id | None = None


class RequestId(BaseModel):
    request_id: Id


class GivenAnswers(RequestBody):
    """By instrument, in the order of its items; null is an item that was not answered."""

    answers: dict[Instrument, Annotated[tuple[int | None, ...], Field(min_length=1, max_length=40)]]


class ScoreDocument(BaseModel):
    instrument: Instrument
    score: str


class CrisisHelp(BaseModel):
    """Whom to call now."""

    call_now: str
    emergency: str


class Scores(BaseModel):
    """`crisis` for whoever answered so that it is needed."""

    scores: list[ScoreDocument]
    crisis: CrisisHelp | None = None


class FindingReview(RequestBody):
    decision: Code
