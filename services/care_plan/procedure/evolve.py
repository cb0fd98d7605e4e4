"""What each fact makes of a procedure."""

from msgspec.structs import replace

from backbone.model import Head, Table, like
from schemas.care_plan.v1.procedure import (
    ProcedureCancelled,
    ProcedureOrdered,
    ProcedureOutcomeNeeded,
    ProcedureOutcomeRecorded,
    ProcedureOutcomeSettled,
    ProcedurePerformed,
)
from services.care_plan.procedure.facts import LimitGone, LimitReached, ProcedureDated, ProcedureUndated
from services.care_plan.procedure.states import (
    Cancelled,
    Date,
    Judged,
    NotOrdered,
    Order,
    Ordered,
    Performed,
    Question,
)


def ordered(state: NotOrdered, fact: ProcedureOrdered, head: Head) -> Ordered:
    assert head.lane_key is not None, "a procedure is a patient's"
    settled = fact.previous_id if "previous_outcome" in fact.met else None
    return Ordered(
        order=like(Order, fact), patient_id=head.lane_key, referral_id=head.pathway_id, settled=settled
    )


def dated(state: Ordered, fact: ProcedureDated, head: Head) -> Ordered:
    return replace(state, date=Date(fact.appointment_id, fact.appointment_version, fact.on))


def undated(state: Ordered, fact: ProcedureUndated, head: Head) -> Ordered:
    return replace(state, date=None)


def limit_reached(state: Ordered, fact: LimitReached, head: Head) -> Ordered:
    others = tuple(each for each in state.asked if each.rule != fact.rule)
    return replace(state, asked=(*others, like(Question, fact)))


def limit_gone(state: Ordered | Cancelled, fact: LimitGone, head: Head) -> Ordered | Cancelled:
    return replace(state, asked=tuple(each for each in state.asked if each.override_id != fact.override_id))


def outcome_needed(state: Ordered, fact: ProcedureOutcomeNeeded, head: Head) -> Ordered:
    return replace(state, order=replace(state.order, previous_id=fact.previous_id))


def outcome_settled(state: Ordered, fact: ProcedureOutcomeSettled, head: Head) -> Ordered:
    """Of somebody else's procedure nothing is waited for; if it proves to be theirs after all, it is again."""
    if fact.known:
        return replace(state, settled=fact.previous_id)
    return replace(state, order=replace(state.order, previous_id=None))


def performed(state: Ordered, fact: ProcedurePerformed, head: Head) -> Performed:
    return like(
        Performed,
        state,
        appointment_id=fact.appointment_id,
        ended_at=fact.ended_at,
        complications=fact.complications,
    )


def judged(state: Performed | Judged, fact: ProcedureOutcomeRecorded, head: Head) -> Judged:
    return like(
        Judged,
        state,
        relief_pct=fact.relief_pct,
        relief_days=fact.relief_days,
        analgesics_pct=fact.analgesics_pct,
        qualifies=fact.qualifies,
    )


def cancelled(state: Ordered, fact: ProcedureCancelled, head: Head) -> Cancelled:
    return like(Cancelled, state)


EVOLVE = Table(
    *(ordered, dated, undated, limit_reached, limit_gone),
    *(outcome_needed, outcome_settled, performed, judged, cancelled),
)
