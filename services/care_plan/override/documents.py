"""What requests about overrides say. Unknown fields are errors."""

from typing import Annotated

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import OVERRIDE_REASON
from schemas.fact import YesNo


class OverrideDecision(RequestBody):
    granted: YesNo
    reason: Annotated[str, OVERRIDE_REASON.only]
