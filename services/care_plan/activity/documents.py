"""What requests about activities say. Unknown fields are errors."""

from typing import Annotated, Literal

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import (
    ACTIVITY_INFORMATION,
    ACTIVITY_RESULT,
    CARE_REASON,
    ActivityDecision,
)
from schemas.codes import Discipline
from schemas.fact import Id, YesNo, whole


class Why(RequestBody):
    reason: Annotated[str, CARE_REASON.only]


class Asking(RequestBody):
    """`whom`: who provides it; what only the patient knows, coordination asks them."""

    whom: Discipline
    what: Annotated[str, ACTIVITY_INFORMATION.only]


class Answering(RequestBody):
    """Provided, or not to be had."""

    result: Literal["completed", "failed"]


class Taking(RequestBody):
    """`without_missing`: although what was asked for could not be had."""

    without_missing: YesNo = False


class Session(RequestBody):
    """`complete`: it was the last one."""

    appointment_id: Id | None = None
    complete: YesNo = False


class Completion(RequestBody):
    result: Annotated[str, ACTIVITY_RESULT.only]


class ActivityReview(RequestBody):
    """`sessions`: how many more, where it is extended."""

    decision: ActivityDecision
    sessions: Annotated[int, whole(1, 60)] | None = None
