"""What a clinician says who looked at a visit that did not take place."""

from typing import Annotated

from pydantic import StringConstraints

from backbone.http.calls import RequestBody
from schemas.scheduling.v1.codes import AttendanceDecision

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


class Review(RequestBody):
    decision: AttendanceDecision
    note: Text | None = None
