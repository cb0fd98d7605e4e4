"""Facts of procedures → what a referral's dates depend on. Pure."""

from collections.abc import Iterable

from backbone.model import Command, Event, On, Orders, Send, like, on, one
from schemas.care_plan.v1.procedure import (
    ProcedureCancelled,
    ProcedureOrdered,
    ProcedureOutcomeRecorded,
    ProcedurePerformed,
)
from schemas.fact import Fact
from schemas.scheduling.v1.appointment import PatientAttended
from schemas.scheduling.v1.gate import GateFailed, GateSatisfied
from services.scheduling.procedure_record.aggregate import (
    PROCEDURE_RECORD,
    DropProcedure,
    NoteConsent,
    NoteConsentGone,
    NoteDone,
    NoteOutcome,
    NoteProcedure,
)
from services.scheduling.procedure_record.states import procedures_id
from services.scheduling.rules import Rules


def noted(event: Event[Fact], command: Command) -> Iterable[Send]:
    if event.head.pathway_id:
        yield PROCEDURE_RECORD.send(command, to=one(procedures_id(event.head.pathway_id)))


def note_procedure(event: Event[ProcedureOrdered], rules: Rules) -> Orders:
    yield from noted(event, like(NoteProcedure, event.fact, role=event.fact.sequence_role))


def note_done(event: Event[ProcedurePerformed | PatientAttended], rules: Rules) -> Orders:
    if event.fact.procedure_id:
        yield from noted(event, NoteDone(procedure_id=event.fact.procedure_id))


def note_outcome(event: Event[ProcedureOutcomeRecorded], rules: Rules) -> Orders:
    yield from noted(event, like(NoteOutcome, event.fact))


def note_consent(event: Event[GateSatisfied], rules: Rules) -> Orders:
    """Of one procedure it says nothing about another; of a time it does."""
    fact = event.fact
    if fact.kind == "procedure_consent" and fact.valid_from and fact.valid_to:
        yield from noted(event, like(NoteConsent, fact))


def note_consent_gone(event: Event[GateFailed], rules: Rules) -> Orders:
    """Who takes it back for one procedure is asked again for every other one that nobody has asked about yet."""
    if event.fact.kind == "procedure_consent":
        yield from noted(event, NoteConsentGone())


def drop(event: Event[ProcedureCancelled], rules: Rules) -> Orders:
    yield from noted(event, like(DropProcedure, event.fact))


REACTIONS: tuple[On, ...] = (
    on(ProcedureOrdered, note_procedure),
    on(ProcedurePerformed, note_done),
    on(PatientAttended, note_done),
    on(ProcedureOutcomeRecorded, note_outcome),
    on(GateSatisfied, note_consent),
    on(GateFailed, note_consent_gone),
    on(ProcedureCancelled, drop),
)
