"""What requests about tapers say. Unknown fields are errors."""

from typing import Annotated

from pydantic import Field

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import TAPER_END
from schemas.fact import Amount, Day, Part, YesNo


class AgreedDose(Part):
    """How much in morphine milligram equivalents per day, from a day on."""

    on: Day
    mme: Amount


class Agreement(RequestBody):
    """`agreed`: with the patient. Each step is later and lower than the one before it."""

    agreed: YesNo
    steps: Annotated[tuple[AgreedDose, ...], Field(min_length=1, max_length=60)]


class StepDone(RequestBody):
    """What the patient takes now, in morphine milligram equivalents per day; `on`: since when, without: today."""

    mme: Amount
    on: Day | None = None


class Ending(RequestBody):
    reason: Annotated[str, TAPER_END.only]
