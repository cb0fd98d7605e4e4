"""What requests about gates say, and how the gates of a procedure are shown."""

from typing import Annotated

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from backbone.http.listing import Listed
from schemas.fact import Day, Dec, Instant, YesNo
from schemas.scheduling.v1.codes import WAIVER_REASON


class Evidence(RequestBody):
    """For it, or against it. A measurement (the INR) has `value` and `taken_at`; the signed plan's limit counts too."""

    met: YesNo
    value: Dec | None = None
    taken_at: Instant | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class Waiver(RequestBody):
    reason: Annotated[str, WAIVER_REASON.only]


class ProcedureGates(BaseModel):
    """What must be true before one procedure; closed ones too."""

    gates: list[Listed]
