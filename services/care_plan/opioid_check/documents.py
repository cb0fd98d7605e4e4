"""What requests about opioid checks say. Unknown fields are errors."""

from typing import Annotated

from pydantic import Field

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import CHECK_RESULT


class CheckDone(RequestBody):
    """`criteria`: of the eleven of DSM-5 for opioid use disorder, in twelve months."""

    result: Annotated[str, CHECK_RESULT.only]
    criteria: Annotated[int, Field(ge=0, le=11)] | None = None
