"""What requests about absences say, and what is answered."""

from datetime import date

from pydantic import BaseModel

from backbone.http.calls import RequestBody
from schemas.fact import Id
from schemas.scheduling.v1.codes import UnavailabilityKind


class NotAvailable(RequestBody):
    """`end` is the first day on which the patient is available again."""

    referral_id: Id
    kind: UnavailabilityKind
    start: date
    end: date | None = None


class End(RequestBody):
    end: date


class PeriodNamed(BaseModel):
    period_id: Id
    parked: bool = False
