"""The states of a procedure."""

from datetime import date, datetime

import msgspec

from backbone.model import State
from schemas.care_plan.v1.codes import BleedingRisk, SequenceRole, Side, SpinalRegion
from schemas.codes import GateKind, ProcedureFamily
from schemas.fact import Code


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be done."""

    plan_id: str | None = None
    family: ProcedureFamily
    region: SpinalRegion
    side: Side
    levels: tuple[str, ...] = ()
    sequence_role: SequenceRole | None = None
    bleeding_risk: BleedingRisk
    gates: tuple[GateKind, ...] = ()
    not_before: date | None = None
    previous_id: str | None = None
    """The one before it, whose outcome it waits for (PRC-04)."""
    again: bool = False
    """Wanted although the same was ordered already."""


class Date(msgspec.Struct, frozen=True):
    """Held or booked: the clinic's day."""

    appointment_id: str
    version: int
    on: date


class Question(msgspec.Struct, frozen=True):
    """Which rule asked whether to go on, for which day."""

    rule: str
    override_id: str
    on: date


class NotOrdered(State, tag="none"):
    """Nobody wants it."""


class WithCourse(State, kw_only=True):
    order: Order
    patient_id: str
    referral_id: str | None = None
    date: Date | None = None
    asked: tuple[Question, ...] = ()
    settled: str | None = None
    """The one before it whose outcome is known."""

    @property
    def override_ids(self) -> tuple[str, ...]:
        return tuple(each.override_id for each in self.asked)


class Ordered(WithCourse, tag="ordered"):
    """It waits for a date, or for what must be true before it."""


class Done(WithCourse, kw_only=True):
    appointment_id: str
    ended_at: datetime
    complications: tuple[Code, ...] = ()


class Performed(Done, tag="performed"):
    """Nobody knows yet what it brought."""


class Judged(Done, tag="judged", kw_only=True):
    """What it brought is on record."""

    relief_pct: int
    relief_days: int | None = None
    analgesics_pct: int | None = None
    qualifies: bool


class Cancelled(WithCourse, tag="cancelled"):
    """It is not going ahead."""


Procedure = NotOrdered | Ordered | Performed | Judged | Cancelled
