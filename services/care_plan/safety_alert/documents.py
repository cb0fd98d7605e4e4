"""What requests about safety alerts say. Unknown fields are errors."""

from typing import Annotated

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import ALERT_RESULT, ASSESSMENT_TOOL
from schemas.said import LongText as Text


class Assessment(RequestBody):
    """What was found, and with which tool."""

    result: Annotated[str, ALERT_RESULT.only]
    tool: Annotated[str, ASSESSMENT_TOOL.only] | None = None
    note: Text
