"""What requests about safety alerts say, and what commands answer. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from backbone.http.resources import UnverifiedDocument
from schemas.care_plan.v1.codes import ALERT_RESULT, ASSESSMENT_TOOL
from schemas.fact import Id
from schemas.said import LongText as Text


class AlertStanding(BaseModel):
    """How an alert stands, and whose it is. What was found is read apart, by right."""

    id: Id
    version: int
    patient_id: Id | None
    referral_id: Id | None
    status: str
    parked: bool | None = None
    unverified: list[UnverifiedDocument] | None = None


class Assessment(RequestBody):
    """What was found, and with which tool."""

    result: Annotated[str, ALERT_RESULT.only]
    tool: Annotated[str, ASSESSMENT_TOOL.only] | None = None
    note: Text
