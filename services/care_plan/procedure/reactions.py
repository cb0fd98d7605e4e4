"""Dates, ends of plans and referrals → orders to procedures; and what a limit asks of somebody. Pure."""

from typing import Any

from backbone.model import (
    Event,
    On,
    Order,
    Orders,
    PersonJoined,
    PersonParted,
    Send,
    Snapshot,
    all_of,
    like,
    on,
    one,
    together_for,
)
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.care_plan.v1.plan import PlanClosed, PlanRevoked
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentMoved,
    PatientDidNotAttend,
)
from services.care_plan.override.aggregate import OVERRIDE, LapseOverride, RequestOverride
from services.care_plan.plan.states import CarePlan
from services.care_plan.procedure.aggregate import PROCEDURE, Procedures
from services.care_plan.procedure.commands import EndWithPlan, LookAtLimits, LoseDate, OrderProcedure, SetDate
from services.care_plan.procedure.facts import LimitGone, LimitReached
from services.care_plan.procedure_record.facts import (
    ProcedureDayNoted,
    ProcedureForgotten,
    ProcedureReliefNoted,
)
from services.care_plan.rules import Rules


def order(plan: Snapshot[CarePlan], procedure_id: str, command: OrderProcedure) -> Order:
    return together_for(plan, PROCEDURE.send(command, to=one(procedure_id)))


def set_date(event: Event[AppointmentHeld | AppointmentBooked], rules: Rules) -> Orders:
    if event.fact.procedure_id:
        yield PROCEDURE.send(dated(event), to=one(event.fact.procedure_id))


def move_date(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    yield PROCEDURE.send(dated(event), to=all_of(Procedures.appointment_id(event.head.aggregate_id)))


def dated(event: Event[Any]) -> SetDate:
    return like(SetDate, event.fact, appointment_id=event.head.aggregate_id)


def lose_date(event: Event[AppointmentCancelled | PatientDidNotAttend], rules: Rules) -> Orders:
    appointment_id = event.head.aggregate_id
    target = all_of(Procedures.appointment_id(appointment_id))
    yield PROCEDURE.send(LoseDate(appointment_id=appointment_id), to=target)


def end_procedures(
    event: Event[PlanClosed | PlanRevoked | PatientDischarged | ReferralEnd], rules: Rules
) -> Orders:
    """What was not done ends with the plan and with the referral."""
    if event.head.pathway_id:
        command = EndWithPlan(reason=event.head.type.split(".")[1])
        target = all_of(Procedures.referral_id(event.head.pathway_id), Procedures.open)
        yield PROCEDURE.send(command, to=target)


def look(event: Event[ProcedureDayNoted | ProcedureReliefNoted | ProcedureForgotten], rules: Rules) -> Orders:
    """What is known of one procedure concerns what is ordered besides, under whatever record of the person."""
    for patient_id in (event.head.aggregate_id, *event.fact.also):
        yield from look_for(patient_id)


def look_for_person(event: Event[PersonJoined | PersonParted], rules: Rules) -> Orders:
    for patient_id in (event.head.aggregate_id, event.fact.other_id):
        yield from look_for(patient_id)


def look_for(patient_id: str) -> Orders:
    yield PROCEDURE.send(LookAtLimits(), to=all_of(Procedures.patient_id(patient_id), Procedures.open))


def ask(event: Event[LimitReached], rules: Rules) -> Orders:
    """Somebody of the rule's role is asked whether to go on."""
    command = like(RequestOverride, event.fact, subject_id=event.head.aggregate_id)
    send: Send = OVERRIDE.send(command, to=one(event.fact.override_id))
    yield send


def ask_no_more(event: Event[LimitGone], rules: Rules) -> Orders:
    yield OVERRIDE.send(LapseOverride(), to=one(event.fact.override_id))


REACTIONS: tuple[On, ...] = (
    on(AppointmentHeld, set_date),
    on(AppointmentBooked, set_date),
    on(AppointmentMoved, move_date),
    on(AppointmentCancelled, lose_date),
    on(PatientDidNotAttend, lose_date),
    on(PlanClosed, end_procedures),
    on(PlanRevoked, end_procedures),
    on(PatientDischarged, end_procedures),
    *(on(fact, end_procedures) for fact in ENDS),
)

OWN: tuple[On, ...] = (
    on(LimitReached, ask),
    on(LimitGone, ask_no_more),
    on(ProcedureDayNoted, look),
    on(ProcedureReliefNoted, look),
    on(ProcedureForgotten, look),
    on(PersonJoined, look_for_person),
    on(PersonParted, look_for_person),
)
"""Handled in the transaction that writes the facts."""
