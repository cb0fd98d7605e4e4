"""What requests about absences say, and what is answered."""

from typing import Annotated

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.fact import Day, Id
from schemas.scheduling.v1.codes import UNAVAILABILITY
from services.scheduling.unavailability.aggregate import Granted


class NotAvailable(RequestBody):
    """`end` is the first day on which the patient is available again."""

    referral_id: Id
    kind: Annotated[str, UNAVAILABILITY.only]
    start: Day
    end: Day | None = None


class End(RequestBody):
    end: Day


class Decision(RequestBody):
    """Whether the patient may be away for as long as they wish."""

    decision: Granted


class PeriodNamed(BaseModel):
    period_id: Id
    parked: bool = False
