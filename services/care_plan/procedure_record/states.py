"""What is known of a patient's procedures: deciders look at it. Its id is the patient's."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from backbone.model import Given, State
from schemas.care_plan.v1.codes import Side, SpinalRegion
from schemas.codes import ProcedureFamily
from services.care_plan.rules import Rules


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One procedure. `on`: the clinic's day on which it was done, or is to be as far as that is known."""

    procedure_id: str
    family: ProcedureFamily
    region: SpinalRegion
    side: Side
    levels: tuple[str, ...] = ()
    on: date | None = None
    done: bool = False
    counts: bool = True
    """It was a session: one that was abandoned is none."""
    relief_pct: int | None = None
    relief_days: int | None = None
    analgesics_pct: int | None = None
    again: bool = False
    """Wanted although the same was ordered already."""


class ProcedureRecord(State, tag="procedure_record", kw_only=True):
    known: tuple[Known, ...] = ()


def procedures_seen(patient_id: str) -> Iterable[tuple[str, str]]:
    """For `needs`: this patient's procedures."""
    yield "procedure_record", patient_id


def procedures_of(given: Given[Rules]) -> Sequence[Known]:
    """Those that the decider asked for, of all records of the person."""
    found = (each for each in given.others.values() if isinstance(each, ProcedureRecord))
    return [known for record in found for known in record.known]


def procedures_beside(patient_id: str, given: Given[Rules]) -> Sequence[Known]:
    """Those of the other records of the person."""
    found = given.others.items()
    return [
        known
        for (_, record_id), record in found
        if isinstance(record, ProcedureRecord) and record_id != patient_id
        for known in record.known
    ]
