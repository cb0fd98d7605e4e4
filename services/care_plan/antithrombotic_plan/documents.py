"""What requests about plans for antithrombotics say, and how plans are shown. Unknown fields are errors."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import RENAL_MEASURE
from schemas.fact import SOME, Amount, Count, Day, Id, Instant, Word, YesNo
from schemas.said import LongText, Sentences

Hours = Annotated[int, Field(ge=1, le=24 * 60)]
"""At most sixty days."""


class DrugChoice(RequestBody):
    """What is left out is as the table has it. `goes_on`: it is not held."""

    drug: Word
    use: Word | None = None
    hold_hours: Hours | None = None
    goes_on: YesNo = False

    @model_validator(mode="after")
    def is_held_or_goes_on(self) -> "DrugChoice":
        if self.goes_on and self.hold_hours is not None:
            raise ValueError("either hold_hours or goes_on, not both")
        return self


class Drafting(RequestBody):
    choices: Annotated[tuple[DrugChoice, ...], SOME] = ()


class Agreement(RequestBody):
    """`prescriber`: who prescribes it and agreed, by name and place."""

    drug: Word
    prescriber: Sentences


class Kidneys(RequestBody):
    """Millilitres per minute, of the blood of that day; without: what was stated for that day was a mistake."""

    taken_on: Day
    measure: Annotated[str, RENAL_MEASURE.only]
    ml_per_min: Amount | None = None


class Signature(RequestBody):
    """`text`: what the patient reads, in the clinician's words. `already_stopped`: the last dose was taken."""

    appointment_id: Id
    appointment_version: Count
    text: LongText
    already_stopped: YesNo = False


class HoldText(BaseModel):
    """What was signed for a date that still stands."""

    procedure_id: Id
    appointment_id: Id
    appointment_version: int
    status: Literal["signed"]
    signed_by: Id
    last_dose_at: Instant | None = None
    text: str | None


class HoldTexts(BaseModel):
    plans: list[HoldText]
