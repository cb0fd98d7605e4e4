"""Facts of procedures → the record of their patient. Pure."""

from msgspec.structs import replace

from backbone.model import Event, On, Orders, Send, like, on, one
from schemas.care_plan.v1.procedure import (
    ProcedureCancelled,
    ProcedureOrdered,
    ProcedureOutcomeRecorded,
    ProcedurePerformed,
)
from schemas.fact import Fact
from services.care_plan.procedure.facts import ProcedureDated, ProcedureUndated
from services.care_plan.procedure_record.aggregate import (
    PROCEDURE_RECORD,
    ForgetProcedure,
    NoteProcedure,
    NoteProcedureDay,
    NoteProcedureRelief,
    Noting,
)
from services.care_plan.rules import Rules


def note_ordered(event: Event[ProcedureOrdered], rules: Rules) -> Orders:
    yield from note(event, like(NoteProcedure, event.fact))


def note_dated(event: Event[ProcedureDated], rules: Rules) -> Orders:
    yield from note(event, NoteProcedureDay(procedure_id=event.head.aggregate_id, on=event.fact.on))


def note_undated(event: Event[ProcedureUndated], rules: Rules) -> Orders:
    yield from note(event, NoteProcedureDay(procedure_id=event.head.aggregate_id))


def note_performed(event: Event[ProcedurePerformed], rules: Rules) -> Orders:
    """What was abandoned was no session."""
    fact, none = event.fact, rules.procedures.sessions.values.not_counted
    counts = not set(fact.complications) & set(none)
    day = rules.calendar.day(fact.ended_at)
    yield from note(event, NoteProcedureDay(procedure_id=fact.procedure_id, on=day, done=True, counts=counts))


def note_outcome(event: Event[ProcedureOutcomeRecorded], rules: Rules) -> Orders:
    yield from note(event, like(NoteProcedureRelief, event.fact))


def forget(event: Event[ProcedureCancelled], rules: Rules) -> Orders:
    yield from note(event, ForgetProcedure(procedure_id=event.fact.procedure_id))


def note(event: Event[Fact], command: NoteProcedure | Noting) -> Orders:
    patient_id = event.head.lane_key
    if patient_id is None:
        return
    if isinstance(command, Noting):
        command = replace(command, patient_id=patient_id)
    send: Send = PROCEDURE_RECORD.send(command, to=one(patient_id))
    yield send


OWN: tuple[On, ...] = (
    on(ProcedureOrdered, note_ordered),
    on(ProcedureDated, note_dated),
    on(ProcedureUndated, note_undated),
    on(ProcedurePerformed, note_performed),
    on(ProcedureOutcomeRecorded, note_outcome),
    on(ProcedureCancelled, forget),
)
"""Handled in the transaction that writes the facts: the next order knows of the one before."""
