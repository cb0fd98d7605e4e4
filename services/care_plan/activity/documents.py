"""What requests about activities say. Unknown fields are errors."""

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import ActivityDecision
from schemas.fact import Code, Id


class Why(RequestBody):
    reason: Code


class Session(RequestBody):
    """`complete`: it was the last one."""

    appointment_id: Id | None = None
    complete: bool = False


class Completion(RequestBody):
    result: Code = "goals_of_discipline_reached"


class ActivityReview(RequestBody):
    decision: ActivityDecision
