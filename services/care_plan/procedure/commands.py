"""What may happen to a procedure."""

from datetime import date, datetime

from backbone.model import Command
from schemas.care_plan.v1.codes import Circumstance, Place, Side, SpinalRegion
from schemas.codes import ProcedureFamily
from schemas.fact import Code


class OrderProcedure(Command, tag="order_procedure", kw_only=True):
    """`again`: wanted although the same is ordered and open."""

    plan_id: str
    patient_id: str
    referral_id: str | None = None
    family: ProcedureFamily
    region: SpinalRegion
    side: Side
    levels: tuple[str, ...] = ()
    place: Place | None = None
    circumstances: tuple[Circumstance, ...] = ()
    not_before: date | None = None
    again: bool = False


class SetDate(Command, tag="set_procedure_date", kw_only=True):
    """An appointment for it is held, booked or moved."""

    appointment_id: str
    version: int
    start: datetime


class LoseDate(Command, tag="lose_procedure_date", kw_only=True):
    """That appointment will not take place, or did not."""

    appointment_id: str


class LookAtLimits(Command, tag="look_at_procedure_limits", kw_only=True):
    """Another procedure of the person was done, judged, moved or called off; or records were joined or parted."""


class RecordPerformed(Command, tag="record_procedure_performed", kw_only=True):
    """It was done at this appointment."""

    appointment_id: str
    ended_at: datetime
    complications: tuple[Code, ...] = ()


class RecordOutcome(Command, tag="record_procedure_outcome", kw_only=True):
    """How much relief it brought, for how long so far, and how much less of analgesics is taken. What is known later
    replaces it."""

    relief_pct: int
    relief_days: int | None = None
    analgesics_pct: int | None = None


class CancelProcedure(Command, tag="cancel_procedure", kw_only=True):
    reason: Code


class EndWithPlan(Command, tag="end_procedure_with_plan", kw_only=True):
    """The plan or the referral ended."""

    reason: Code
