"""The record of a patient's procedures: every one is noted as it goes on."""

from collections.abc import Callable, Iterable
from datetime import date

from msgspec.structs import replace

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    Table,
    like,
    others_of,
    person_seen,
    updated,
)
from schemas.care_plan.v1.codes import Side, SpinalRegion
from schemas.codes import ProcedureFamily
from schemas.fact import Fact
from services.care_plan.procedure_record.facts import (
    ProcedureDayNoted,
    ProcedureForgotten,
    ProcedureNoted,
    ProcedureReliefNoted,
)
from services.care_plan.procedure_record.states import Known, ProcedureRecord
from services.care_plan.rules import Rules


class NoteProcedure(Command, tag="note_procedure", kw_only=True):
    """It was ordered."""

    procedure_id: str
    family: ProcedureFamily
    region: SpinalRegion
    side: Side
    levels: tuple[str, ...]
    again: bool = False


class Noting(Command, kw_only=True):
    """`patient_id`: whose record it is; other records of the person are told of."""

    patient_id: str | None = None


class NoteProcedureDay(Noting, tag="note_procedure_day", kw_only=True):
    procedure_id: str
    on: date | None = None
    done: bool = False
    counts: bool = True


class NoteProcedureRelief(Noting, tag="note_procedure_relief", kw_only=True):
    procedure_id: str
    relief_pct: int
    relief_days: int | None = None
    analgesics_pct: int | None = None


class ForgetProcedure(Noting, tag="forget_procedure", kw_only=True):
    """It is not going ahead: nothing counts."""

    procedure_id: str


def note(state: ProcedureRecord, command: NoteProcedure, given: Given[Rules]) -> Decision:
    return () if is_known(state, command.procedure_id) else [like(ProcedureNoted, command)]


def note_day(state: ProcedureRecord, command: NoteProcedureDay, given: Given[Rules]) -> Decision:
    return [about(ProcedureDayNoted, command, given)] if is_known(state, command.procedure_id) else ()


def note_relief(state: ProcedureRecord, command: NoteProcedureRelief, given: Given[Rules]) -> Decision:
    return [about(ProcedureReliefNoted, command, given)] if is_known(state, command.procedure_id) else ()


def forget(state: ProcedureRecord, command: ForgetProcedure, given: Given[Rules]) -> Decision:
    return [about(ProcedureForgotten, command, given)] if is_known(state, command.procedure_id) else ()


def about(fact: type[Fact], command: Noting, given: Given[Rules]) -> Fact:
    return like(fact, command, also=others_of(given.target, given))


def is_known(state: ProcedureRecord, procedure_id: str) -> bool:
    return any(each.procedure_id == procedure_id for each in state.known)


def noted(state: ProcedureRecord, fact: ProcedureNoted, head: Head) -> ProcedureRecord:
    return replace(state, known=(*state.known, like(Known, fact)))


def day_noted(state: ProcedureRecord, fact: ProcedureDayNoted, head: Head) -> ProcedureRecord:
    return changed(state, fact.procedure_id, lambda each: updated(each, fact))


def relief_noted(state: ProcedureRecord, fact: ProcedureReliefNoted, head: Head) -> ProcedureRecord:
    return changed(state, fact.procedure_id, lambda each: updated(each, fact))


def forgotten(state: ProcedureRecord, fact: ProcedureForgotten, head: Head) -> ProcedureRecord:
    left = tuple(each for each in state.known if each.procedure_id != fact.procedure_id)
    return replace(state, known=left)


def changed(state: ProcedureRecord, procedure_id: str, how: Callable[[Known], Known]) -> ProcedureRecord:
    known = tuple(how(each) if each.procedure_id == procedure_id else each for each in state.known)
    return replace(state, known=known)


def needs(state: ProcedureRecord, command: Command) -> Iterable[tuple[str, str]]:
    """Whom else it is about."""
    if isinstance(command, Noting) and command.patient_id:
        yield from person_seen(command.patient_id)


PROCEDURE_RECORD = Aggregate[ProcedureRecord](
    "procedure_record",
    ProcedureRecord(),
    decide=Table(note, note_day, note_relief, forget),
    evolve=Table(noted, day_noted, relief_noted, forgotten),
    needs=needs,
    has_pathway=False,
    of_person=True,
)
