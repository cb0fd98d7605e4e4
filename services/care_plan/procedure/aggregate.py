"""The procedure as one aggregate: its tables put together, what its decisions need, and how procedures are found."""

from collections.abc import Iterable

from backbone.model import Aggregate, Column, Columns, Command, Flag, Table
from services.care_plan.procedure.commands import (
    LookAtLimits,
    OrderProcedure,
    RecordOutcome,
    RecordPerformed,
    SetDate,
)
from services.care_plan.procedure.decide.course import COURSE
from services.care_plan.procedure.decide.dates import DATES
from services.care_plan.procedure.decide.order import ORDER
from services.care_plan.procedure.evolve import EVOLVE
from services.care_plan.procedure.states import NotOrdered, Ordered, Procedure, WithCourse
from services.care_plan.procedure_record.states import procedures_seen


def needs(state: Procedure, command: Command) -> Iterable[tuple[str, str]]:
    """The person's procedures and who pays; the plan of an order, the appointment, and what was asked before."""
    if isinstance(command, OrderProcedure):
        yield "care_plan", command.plan_id
        yield from procedures_seen(command.patient_id)
        if command.referral_id:
            yield "history", command.referral_id
    if isinstance(command, RecordPerformed):
        yield "visit", command.appointment_id
    if isinstance(command, SetDate | LookAtLimits | RecordOutcome) and isinstance(state, WithCourse):
        yield from procedures_seen(state.patient_id)
        if state.referral_id:
            yield "history", state.referral_id
    if isinstance(command, SetDate) and isinstance(state, WithCourse):
        yield from (("override", each) for each in state.override_ids)


def appointment(state: Procedure) -> str | None:
    return state.date.appointment_id if isinstance(state, Ordered) and state.date else None


class Procedures(Columns):
    """How procedures are found."""

    patient_id = Column(lambda state: state.patient_id if isinstance(state, WithCourse) else None)
    referral_id = Column(lambda state: state.referral_id if isinstance(state, WithCourse) else None)
    appointment_id = Column(appointment)
    open = Flag(lambda state: isinstance(state, Ordered))


PROCEDURE = Aggregate[Procedure](
    "procedure",
    NotOrdered(),
    decide=Table(ORDER, DATES, COURSE),
    evolve=EVOLVE,
    needs=needs,
    columns=Procedures,
)
