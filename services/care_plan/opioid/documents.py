"""What requests about opioid exposure say. Unknown fields are errors."""

from backbone.http.calls import RequestBody
from schemas.fact import Amount, YesNo


class Statement(RequestBody):
    """What the patient takes, in morphine milligram equivalents per day; without: nothing that counts."""

    mme_per_day: Amount | None = None
    has_buprenorphine: YesNo = False
