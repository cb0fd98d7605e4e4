"""The procedures of a referral as one aggregate: ordered, done, dropped, and whose outcome is known."""

from datetime import date

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, Table, like
from schemas.care_plan.v1.codes import SequenceRole, Side, SpinalRegion
from services.scheduling.procedure_record.facts import (
    ConsentGone,
    ConsentNoted,
    OutcomeNoted,
    ProcedureDone,
    ProcedureDropped,
    ProcedureNoted,
)
from services.scheduling.procedure_record.states import Consent, Procedure, ProcedureRecord
from services.scheduling.rules import Rules


class NoteProcedure(Command, tag="note_procedure", kw_only=True, frozen=True):
    procedure_id: str
    role: SequenceRole | None = None
    region: SpinalRegion
    side: Side


class NoteDone(Command, tag="note_done", kw_only=True, frozen=True):
    procedure_id: str


class NoteOutcome(Command, tag="note_outcome", kw_only=True, frozen=True):
    procedure_id: str


class NoteConsent(Command, tag="note_consent", kw_only=True, frozen=True):
    evidence_ref: str
    valid_from: date
    valid_to: date


class NoteConsentGone(Command, tag="note_consent_gone", kw_only=True, frozen=True):
    """The patient took it back, for whichever procedure."""


class DropProcedure(Command, tag="drop_procedure", kw_only=True, frozen=True):
    procedure_id: str


def note(state: ProcedureRecord, command: NoteProcedure, given: Given[Rules]) -> Decision:
    return () if command.procedure_id in state.procedures else [like(ProcedureNoted, command)]


def done(state: ProcedureRecord, command: NoteDone, given: Given[Rules]) -> Decision:
    known = state.procedures.get(command.procedure_id)
    return [like(ProcedureDone, command)] if known and not known.done else ()


def outcome(state: ProcedureRecord, command: NoteOutcome, given: Given[Rules]) -> Decision:
    known = state.procedures.get(command.procedure_id)
    return [like(OutcomeNoted, command)] if known and not known.outcome else ()


def consented(state: ProcedureRecord, command: NoteConsent, given: Given[Rules]) -> Decision:
    return () if state.consent == like(Consent, command) else [like(ConsentNoted, command)]


def withdrawn(state: ProcedureRecord, command: NoteConsentGone, given: Given[Rules]) -> Decision:
    return [ConsentGone()] if state.consent else ()


def drop(state: ProcedureRecord, command: DropProcedure, given: Given[Rules]) -> Decision:
    """What took place stays."""
    known = state.procedures.get(command.procedure_id)
    return [like(ProcedureDropped, command)] if known and not known.done else ()


def noted(state: ProcedureRecord, fact: ProcedureNoted, head: Head) -> ProcedureRecord:
    return replace(state, procedures={**state.procedures, fact.procedure_id: like(Procedure, fact)})


def was_done(state: ProcedureRecord, fact: ProcedureDone, head: Head) -> ProcedureRecord:
    return changed(state, replace(state.procedures[fact.procedure_id], done=True), fact.procedure_id)


def outcome_noted(state: ProcedureRecord, fact: OutcomeNoted, head: Head) -> ProcedureRecord:
    """What has an outcome took place, whoever said so first."""
    known = replace(state.procedures[fact.procedure_id], done=True, outcome=True)
    return changed(state, known, fact.procedure_id)


def changed(state: ProcedureRecord, to: Procedure, procedure_id: str) -> ProcedureRecord:
    return replace(state, procedures={**state.procedures, procedure_id: to})


def consent_noted(state: ProcedureRecord, fact: ConsentNoted, head: Head) -> ProcedureRecord:
    return replace(state, consent=like(Consent, fact))


def consent_gone(state: ProcedureRecord, fact: ConsentGone, head: Head) -> ProcedureRecord:
    return replace(state, consent=None)


def dropped(state: ProcedureRecord, fact: ProcedureDropped, head: Head) -> ProcedureRecord:
    left = {name: each for name, each in state.procedures.items() if name != fact.procedure_id}
    return replace(state, procedures=left)


PROCEDURE_RECORD = Aggregate[ProcedureRecord](
    "procedure_record",
    ProcedureRecord(),
    decide=Table(note, done, outcome, consented, withdrawn, drop),
    evolve=Table(noted, was_done, outcome_noted, consent_noted, consent_gone, dropped),
)
