"""What each fact makes of a plan for antithrombotics."""

from typing import Any

from msgspec.structs import replace

from backbone.model import Head, Table, like
from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanInvalidated,
    AntithromboticPlanRequested,
    AntithromboticPlanSigned,
)
from services.care_plan.antithrombotic_plan.facts import (
    AgreementRecorded,
    DateDropped,
    DateNoted,
    DrugsSeen,
    InrFailed,
    OverrideGone,
    OverrideNeeded,
    PlanCancelled,
    PlanDrafted,
    PlanFinished,
    ProcedureFollowed,
    ProceduresSeenBeside,
    RenalFunctionStated,
    RenalImpairmentStated,
    TextSigned,
)
from services.care_plan.antithrombotic_plan.states import (
    Agreed,
    Appointment,
    Beside,
    Cancelled,
    Drafted,
    Finished,
    Invalidated,
    Known,
    Line,
    Live,
    NoPlan,
    NotNeeded,
    Over,
    Requested,
    Signed,
    Written,
)
from services.care_plan.renal_function.states import RenalValue


def knowing(state: Any, **more: Any) -> Any:
    return replace(state, known=replace(state.known, **more))


def followed(state: NoPlan, fact: ProcedureFollowed, head: Head) -> NotNeeded:
    """What asks for a plan follows in the same decision."""
    return NotNeeded(known=like(Known, fact, kidneys=kept(fact)))


def kept(fact: ProcedureFollowed | DrugsSeen) -> RenalValue | None:
    return like(RenalValue, fact.kidneys) if fact.kidneys else None


def requested(state: NotNeeded | Requested, fact: AntithromboticPlanRequested, head: Head) -> Requested:
    return Requested(known=replace(state.known, blocking=fact.blocking))


def requested_again(state: Invalidated, fact: AntithromboticPlanRequested, head: Head) -> Invalidated:
    return Invalidated(known=replace(state.known, blocking=fact.blocking))


def drugs_seen(state: Live, fact: DrugsSeen, head: Head) -> Live:
    more = {"ways": fact.ways, "kidneys": kept(fact)}
    found: Live = knowing(state, drugs=fact.drugs, whole=fact.whole, **more)
    return found


def seen_beside(state: Written, fact: ProceduresSeenBeside, head: Head) -> Written:
    found: Written = knowing(state, beside=tuple(like(Beside, each) for each in fact.procedures))
    return found


def date_noted(state: Live, fact: DateNoted, head: Head) -> Live:
    on = Appointment(fact.appointment_id, fact.version, fact.start)
    found: Live = knowing(state, appointment=on)
    return found


def date_dropped(state: Live, fact: DateDropped, head: Head) -> Live:
    found: Live = knowing(state, appointment=None)
    return found


def kidneys_stated(state: Live, fact: RenalFunctionStated, head: Head) -> Live:
    """It is kept by the person; what the plan makes of it follows."""
    return state


def impairment_stated(state: Live, fact: RenalImpairmentStated, head: Head) -> Live:
    """Neither a number nor a day: it decides nothing any more, and whoever needs it states the value (ANT-06)."""
    return state


def drafted(state: Requested | Drafted | Agreed | Invalidated, fact: PlanDrafted, head: Head) -> Drafted:
    known = replace(state.known, override_id=fact.override_id, untold=fact.untold)
    return Drafted(known=known, lines=tuple(like(Line, each) for each in fact.lines))


def override_needed(state: Drafted, fact: OverrideNeeded, head: Head) -> Drafted:
    """The draft knows it."""
    return state


def override_gone(state: Drafted | Agreed | Over, fact: OverrideGone, head: Head) -> Drafted | Agreed | Over:
    """Whoever drafts after it asks anew. A draft that asks something else by now keeps its own question."""
    is_theirs = state.known.override_id == fact.override_id
    found: Drafted | Agreed | Over = knowing(state, override_id=None, untold=()) if is_theirs else state
    return found


def agreement_recorded(state: Drafted | Agreed, fact: AgreementRecorded, head: Head) -> Drafted | Agreed:
    """Agreed when nobody's word is missing."""
    lines = tuple(
        replace(each, agreement_ref=fact.agreement_ref) if each.drug == fact.drug else each
        for each in state.lines
    )
    missing = any(each.lacks_agreement for each in lines)
    return (Drafted if missing else Agreed)(known=state.known, lines=lines)


def text_signed(state: Drafted | Agreed | Signed, fact: TextSigned, head: Head) -> Drafted | Agreed | Signed:
    """The signature follows in the same decision."""
    return replace(state, text_ref=fact.text_ref)


def signed(state: Drafted | Agreed | Signed, fact: AntithromboticPlanSigned, head: Head) -> Signed:
    assert state.text_ref is not None, "the text goes before"
    return like(Signed, fact, known=state.known, lines=state.lines, text_ref=state.text_ref)


def invalidated(state: Written, fact: AntithromboticPlanInvalidated, head: Head) -> Invalidated:
    return Invalidated(known=state.known)


def inr_failed(state: Live, fact: InrFailed, head: Head) -> Live:
    found: Live = knowing(state, inr_failed=(*state.known.inr_failed, fact.fact_id))
    return found


def cancelled(state: Live, fact: PlanCancelled, head: Head) -> Cancelled:
    return Cancelled(known=state.known)


def finished(state: Live, fact: PlanFinished, head: Head) -> Finished:
    return Finished(known=state.known)


EVOLVE: Table = Table(
    *(
        followed,
        requested,
        requested_again,
        drugs_seen,
        seen_beside,
        date_noted,
        date_dropped,
        kidneys_stated,
        impairment_stated,
    ),
    *(drafted, override_needed, override_gone, agreement_recorded, text_signed, signed),
    *(invalidated, inr_failed, cancelled, finished),
)
