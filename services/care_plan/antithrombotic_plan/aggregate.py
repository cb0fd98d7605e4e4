"""The plan for antithrombotics as one aggregate: its tables put together, and how plans are found."""

from collections.abc import Iterable

from backbone.model import Aggregate, Column, Columns, Command, Table, ignores
from services.care_plan.antithrombotic_plan.commands import (
    CancelPlan,
    DropDate,
    FinishPlan,
    FollowProcedure,
    LookAtDrugs,
    LookBeside,
    NoteDate,
    NoteInr,
    SignPlan,
    StateRenalFunction,
)
from services.care_plan.antithrombotic_plan.decide.beside import BESIDE
from services.care_plan.antithrombotic_plan.decide.course import COURSE
from services.care_plan.antithrombotic_plan.decide.plan import PLAN
from services.care_plan.antithrombotic_plan.evolve import EVOLVE
from services.care_plan.antithrombotic_plan.states import (
    AntithromboticPlan,
    Live,
    NoPlan,
    NotNeeded,
    Over,
    Signed,
    Waiting,
)
from services.care_plan.conflict.states import rest_seen
from services.care_plan.opioid.states import opioids_seen
from services.care_plan.renal_function.states import renal_function_seen


def needs(state: AntithromboticPlan, command: Command) -> Iterable[tuple[str, str]]:
    """The lists of drugs and the kidneys, of all records of the person."""
    if isinstance(command, FollowProcedure | LookAtDrugs):
        yield from (*opioids_seen(command.patient_id), *renal_function_seen(command.patient_id))
    if isinstance(command, LookBeside):
        yield from rest_seen(command.patient_id)
    if isinstance(command, StateRenalFunction):
        yield from renal_function_seen(state.known.patient_id)
    if isinstance(command, SignPlan) and state.known.override_id:
        yield "override", state.known.override_id


def reads(state: AntithromboticPlan, command: Command) -> Iterable[str]:
    """What the patient reads now: is it the same text?"""
    return (
        (state.text_ref,)
        if isinstance(state, Signed) and isinstance(command, SignPlan) and state.text_ref
        else ()
    )


class PlanColumns(Columns):
    """How plans are found."""

    patient_id = Column(lambda state: state.known.patient_id)
    referral_id = Column(lambda state: state.known.referral_id)
    appointment_id = Column(
        lambda state: state.known.appointment.id if state.known.appointment is not None else None
    )


ANTITHROMBOTIC_PLAN = Aggregate[AntithromboticPlan](
    "antithrombotic_plan",
    NoPlan(),
    decide=Table(
        *COURSE,
        *PLAN,
        *BESIDE,
        ignores(FollowProcedure, when=Live | Over),
        ignores(LookAtDrugs, DropDate, CancelPlan, FinishPlan, when=NoPlan | Over),
        ignores(NoteDate, when=Over),
        ignores(LookBeside, when=NoPlan | Waiting | Over),
        ignores(NoteInr, when=NoPlan | NotNeeded | Over),
    ),
    evolve=EVOLVE,
    needs=needs,
    reads=reads,
    columns=PlanColumns,
)
