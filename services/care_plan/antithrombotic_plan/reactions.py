"""Procedures, dates, drugs and ends → the plan for antithrombotics. Pure."""

from backbone.model import Event, On, Orders, PersonJoined, PersonParted, all_of, like, on, one
from schemas.care_plan.v1.procedure import ProcedureCancelled, ProcedureOrdered, ProcedurePerformed
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentMoved,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.gate import GateFailed
from services.care_plan.antithrombotic_plan.aggregate import ANTITHROMBOTIC_PLAN, PlanColumns
from services.care_plan.antithrombotic_plan.commands import (
    CancelPlan,
    DropDate,
    FinishPlan,
    FollowProcedure,
    LookAtDrugs,
    LookBeside,
    NoteDate,
    NoteInr,
)
from services.care_plan.antithrombotic_plan.facts import OverrideGone, OverrideNeeded, RenalFunctionStated
from services.care_plan.antithrombotic_plan.states import plan_id
from services.care_plan.conflict.facts import RestDayNoted
from services.care_plan.override.aggregate import OVERRIDE, LapseOverride, RequestOverride
from services.care_plan.renal_function.aggregate import RENAL_FUNCTION, NoteRenalFunction
from services.care_plan.renal_function.facts import RenalFunctionNoted
from services.care_plan.risk.facts import DoseNoted
from services.care_plan.rules import Rules


def ask_for_plan(event: Event[ProcedureOrdered], rules: Rules) -> Orders:
    fact, patient_id = event.fact, event.head.lane_key
    if patient_id is None:
        return
    command = FollowProcedure(
        procedure_id=fact.procedure_id,
        patient_id=patient_id,
        referral_id=event.head.pathway_id,
        family=fact.family,
        region=fact.region,
        risk=fact.bleeding_risk,
    )
    yield ANTITHROMBOTIC_PLAN.send(command, to=one(plan_id(fact.procedure_id)))


def note_date(event: Event[AppointmentHeld | AppointmentBooked], rules: Rules) -> Orders:
    if event.fact.procedure_id:
        command = NoteDate(
            appointment_id=event.head.aggregate_id, version=event.fact.version, start=event.fact.start
        )
        yield ANTITHROMBOTIC_PLAN.send(command, to=one(plan_id(event.fact.procedure_id)))


def move_date(event: Event[AppointmentMoved], rules: Rules) -> Orders:
    """ANT-04: the signature was for another time."""
    appointment_id = event.head.aggregate_id
    command = NoteDate(appointment_id=appointment_id, version=event.fact.version, start=event.fact.start)
    yield ANTITHROMBOTIC_PLAN.send(command, to=all_of(PlanColumns.appointment_id(appointment_id)))


def drop_date(event: Event[AppointmentCancelled | PatientDidNotAttend], rules: Rules) -> Orders:
    """Who did not come may have stopped the drug all the same."""
    appointment_id = event.head.aggregate_id
    target = all_of(PlanColumns.appointment_id(appointment_id))
    missed = isinstance(event.fact, PatientDidNotAttend)
    yield ANTITHROMBOTIC_PLAN.send(DropDate(appointment_id=appointment_id, missed=missed), to=target)


def note_inr(event: Event[GateFailed], rules: Rules) -> Orders:
    """Whether the procedure is today, its plan knows."""
    if event.fact.kind == "inr":
        command = NoteInr(fact_id=event.head.event_id, at=event.head.occurred_at)
        yield ANTITHROMBOTIC_PLAN.send(command, to=one(plan_id(event.fact.procedure_id)))


def cancel_plan(event: Event[ProcedureCancelled], rules: Rules) -> Orders:
    yield ANTITHROMBOTIC_PLAN.send(CancelPlan(), to=one(plan_id(event.fact.procedure_id)))


def finish_plan(event: Event[ProcedurePerformed], rules: Rules) -> Orders:
    yield ANTITHROMBOTIC_PLAN.send(FinishPlan(), to=one(plan_id(event.fact.procedure_id)))


def cancel_plans(event: Event[ReferralEnd], rules: Rules) -> Orders:
    target = all_of(PlanColumns.referral_id(event.head.aggregate_id))
    yield ANTITHROMBOTIC_PLAN.send(CancelPlan(), to=target)


def keep_kidneys(event: Event[RenalFunctionStated], rules: Rules) -> Orders:
    """They are the person's, and no plan's."""
    yield RENAL_FUNCTION.send(like(NoteRenalFunction, event.fact), to=one(event.fact.patient_id))


def look(event: Event[DoseNoted | RenalFunctionNoted], rules: Rules) -> Orders:
    """A list came, or a value of the kidneys: it concerns all plans of the person."""
    for patient_id in (event.head.aggregate_id, *event.fact.also):
        yield from look_for(patient_id)


def look_for_person(event: Event[PersonJoined | PersonParted], rules: Rules) -> Orders:
    """What was on the list of somebody else tells nothing of this patient."""
    for patient_id in (event.head.aggregate_id, event.fact.other_id):
        yield from look_for(patient_id)


def look_for(patient_id: str) -> Orders:
    target = all_of(PlanColumns.patient_id(patient_id))
    yield ANTITHROMBOTIC_PLAN.send(LookAtDrugs(patient_id=patient_id), to=target)


def look_beside(event: Event[RestDayNoted], rules: Rules) -> Orders:
    """A procedure has a date: it concerns the plans of the person's other records."""
    for patient_id in event.fact.also:
        yield from look_beside_for(patient_id)


def look_beside_joined(event: Event[PersonJoined], rules: Rules) -> Orders:
    for patient_id in (event.head.aggregate_id, event.fact.other_id):
        yield from look_beside_for(patient_id)


def look_beside_for(patient_id: str) -> Orders:
    target = all_of(PlanColumns.patient_id(patient_id))
    yield ANTITHROMBOTIC_PLAN.send(LookBeside(patient_id=patient_id), to=target)


def ask_who_may(event: Event[OverrideNeeded], rules: Rules) -> Orders:
    yield OVERRIDE.send(like(RequestOverride, event.fact), to=one(event.fact.override_id))


def ask_nobody(event: Event[OverrideGone], rules: Rules) -> Orders:
    yield OVERRIDE.send(LapseOverride(), to=one(event.fact.override_id))


REACTIONS: tuple[On, ...] = (
    on(ProcedureOrdered, ask_for_plan),
    on(AppointmentHeld, note_date),
    on(AppointmentBooked, note_date),
    on(AppointmentMoved, move_date),
    on(AppointmentCancelled, drop_date),
    on(PatientDidNotAttend, drop_date),
    on(GateFailed, note_inr),
    on(ProcedureCancelled, cancel_plan),
    on(ProcedurePerformed, finish_plan),
    *(on(fact, cancel_plans) for fact in ENDS),
)

OWN: tuple[On, ...] = (
    on(DoseNoted, look),
    on(RenalFunctionStated, keep_kidneys),
    on(RenalFunctionNoted, look),
    on(PersonJoined, look_for_person),
    on(PersonParted, look_for_person),
    on(RestDayNoted, look_beside),
    on(PersonJoined, look_beside_joined),
    on(OverrideNeeded, ask_who_may),
    on(OverrideGone, ask_nobody),
)
"""Handled in the transaction that writes the facts."""
