"""What each fact makes of the days of procedures, and of what is watched."""

from msgspec.structs import replace

from backbone.model import Head, Table, like
from schemas.care_plan.v1.conflict import ConflictDetected, ConflictResolved
from services.care_plan.conflict.facts import (
    ClashesAccepted,
    RestDayNoted,
    VisitWatched,
    WatchEnded,
    WatchPaused,
    WatchResumed,
)
from services.care_plan.conflict.states import (
    Clash,
    Clear,
    Open,
    Over,
    Procedure,
    Rest,
    Unwatched,
    Visit,
    Watched,
)


def day_noted(state: Rest, fact: RestDayNoted, head: Head) -> Rest:
    left = tuple(each for each in state.procedures if each.appointment_id != fact.appointment_id)
    return replace(state, procedures=(*left, like(Procedure, fact)))


REST = Table(day_noted)


def watched(state: Unwatched | Watched, fact: VisitWatched, head: Head) -> Watched:
    if isinstance(state, Unwatched):
        state = like(Clear, fact)
    return replace(state, visits=state.visits_with(like(Visit, fact)))


def paused(state: Watched, fact: WatchPaused, head: Head) -> Watched:
    return replace(state, paused=True, told_by=(*state.told_by, head.causation_id))


def resumed(state: Watched, fact: WatchResumed, head: Head) -> Watched:
    return replace(state, paused=False, told_by=(*state.told_by, head.causation_id))


def ended(state: Watched, fact: WatchEnded, head: Head) -> Over:
    return Over()


def accepted(state: Open, fact: ClashesAccepted, head: Head) -> Open:
    """The resolution follows in the same decision."""
    pairs = zip(
        *(fact.visits, fact.visit_days, fact.appointments, fact.procedures, fact.procedure_days), strict=True
    )
    seen = tuple(Clash(*pair) for pair in pairs)
    return replace(state, accepted=(*state.accepted, *seen))


def detected(state: Clear, fact: ConflictDetected, head: Head) -> Open:
    return like(Open, state, procedure_id=fact.procedure_id or "")


def resolved(state: Open, fact: ConflictResolved, head: Head) -> Clear:
    return like(Clear, state)


CONFLICT = Table(watched, paused, resumed, ended, accepted, detected, resolved)
