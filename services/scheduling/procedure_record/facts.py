"""Private facts of a referral's procedures: they stand in this service's journal only."""

from typing import Literal

from schemas.care_plan.v1.codes import SequenceRole, Side, SpinalRegion
from schemas.fact import Day, Id, PrivateFact


class ProcedureNoted(PrivateFact):
    """It was ordered."""

    type: Literal["scheduling.procedure_noted.v1"] = "scheduling.procedure_noted.v1"
    procedure_id: Id
    role: SequenceRole | None = None
    region: SpinalRegion
    side: Side


class ProcedureDone(PrivateFact):
    type: Literal["scheduling.procedure_done.v1"] = "scheduling.procedure_done.v1"
    procedure_id: Id


class OutcomeNoted(PrivateFact):
    """What it brought is known."""

    type: Literal["scheduling.outcome_noted.v1"] = "scheduling.outcome_noted.v1"
    procedure_id: Id


class ConsentNoted(PrivateFact):
    """The patient consented to a series."""

    type: Literal["scheduling.consent_noted.v1"] = "scheduling.consent_noted.v1"
    evidence_ref: Id
    valid_from: Day
    valid_to: Day


class ConsentGone(PrivateFact):
    """The patient took it back: what is to come is asked again."""

    type: Literal["scheduling.consent_gone.v1"] = "scheduling.consent_gone.v1"


class ProcedureDropped(PrivateFact):
    """It is not going ahead."""

    type: Literal["scheduling.procedure_dropped.v1"] = "scheduling.procedure_dropped.v1"
    procedure_id: Id
