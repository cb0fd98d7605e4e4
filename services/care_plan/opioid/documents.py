"""What requests about opioid exposure say. Unknown fields are errors."""

from typing import Annotated

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import RISK_FACTOR
from schemas.fact import FEW, Amount, YesNo


class Statement(RequestBody):
    """What the patient takes, in morphine milligram equivalents per day; without: nothing that counts.
    What makes it more dangerous; without: as known."""

    mme_per_day: Amount | None = None
    has_buprenorphine: YesNo
    risk_factors: Annotated[tuple[Annotated[str, RISK_FACTOR.only], ...], FEW] | None = None
