"""What requests about procedures say, and what they are told. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel, Field

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import (
    CARE_REASON,
    CIRCUMSTANCE,
    COMPLICATION,
    PLACE,
    Side,
    SpinalLevel,
    SpinalRegion,
)
from schemas.codes import PROCEDURE_FAMILY
from schemas.fact import FEW, Day, Id, Instant, YesNo, whole


class NewProcedure(RequestBody):
    """`circumstances`: what of the patient asks for more; an empty list says that nothing does. Where nobody says the
    `place`, it counts as one where payers want to authorise."""

    family: Annotated[str, PROCEDURE_FAMILY.only]
    region: SpinalRegion
    side: Side
    levels: Annotated[tuple[SpinalLevel, ...], FEW] = ()
    place: Annotated[str, PLACE.only] | None = None
    circumstances: Annotated[tuple[Annotated[str, CIRCUMSTANCE.only], ...], FEW]
    not_before: Day | None = None
    again: YesNo = False


class ProcedureId(BaseModel):
    procedure_id: Id


class Performance(RequestBody):
    appointment_id: Id
    ended_at: Instant
    complications: Annotated[tuple[Annotated[str, COMPLICATION.only], ...], FEW] = ()


class ProcedureOutcome(RequestBody):
    """`relief_days`: for how long so far."""

    relief_pct: Annotated[int, whole(0, 100)] = Field(description="Of the pain before, in percent")
    relief_days: Annotated[int, whole(0, 3650)] | None = None
    analgesics_pct: Annotated[int, whole(0, 100)] | None = None


class Cancellation(RequestBody):
    reason: Annotated[str, CARE_REASON.only]
