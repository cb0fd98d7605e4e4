"""What a clinician says who looked at a visit that did not take place."""

from backbone.http.calls import RequestBody
from schemas.said import Text
from schemas.scheduling.v1.codes import AttendanceDecision


class Review(RequestBody):
    decision: AttendanceDecision
    note: Text | None = None
