"""What requests about safety alerts say. Unknown fields are errors."""

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import AlertResult
from schemas.fact import Code
from services.care_plan.rules import Text


class Assessment(RequestBody):
    """What was found, and with which tool."""

    result: AlertResult
    tool: Code | None = None
    note: Text
