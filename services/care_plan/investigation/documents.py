"""What requests about investigations say. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import (
    INVESTIGATION_CANCELLED,
    INVESTIGATION_KIND,
    NOT_INVESTIGATED,
    InvestigationResult,
)
from schemas.fact import Day, Id


class NewInvestigation(RequestBody):
    """`due_on`: by when, where it is not the clinic's rule; `responsible_id`: who reads it, where that is not the
    caller."""

    patient_id: Id
    referral_id: Id
    kind: Annotated[str, INVESTIGATION_KIND.only]
    due_on: Day | None = None
    responsible_id: Id | None = None


class InvestigationId(BaseModel):
    investigation_id: Id


class NotDone(RequestBody):
    reason: Annotated[str, NOT_INVESTIGATED.only]


class OrderedAgain(RequestBody):
    due_on: Day | None = None


class NotWanted(RequestBody):
    reason: Annotated[str, INVESTIGATION_CANCELLED.only]


class WasRead(RequestBody):
    result: InvestigationResult
