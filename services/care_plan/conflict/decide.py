"""Which orders of a person do not go together: exercise in the days of rest after a procedure (MDT-03)."""

from msgspec.structs import asdict, replace

from backbone.model import Decision, Given, Refused, Ruled, Step, Table, by, decider, ignores, like, others_of
from schemas.care_plan.v1.codes import ConflictKind, ConflictResolution
from schemas.care_plan.v1.conflict import ConflictDetected, ConflictResolved
from schemas.fact import Fact
from services.care_plan.activity.states import WithCourse
from services.care_plan.conflict.commands import (
    AcceptConflict,
    DropProcedure,
    EndWatch,
    EndWatchedVisit,
    LookAtRest,
    MoveWatchedVisit,
    NoteProcedure,
    PauseWatch,
    ResumeWatch,
    WatchVisit,
)
from services.care_plan.conflict.facts import (
    ClashesAccepted,
    RestDayNoted,
    VisitWatched,
    WatchEnded,
    WatchPaused,
    WatchResumed,
)
from services.care_plan.conflict.states import (
    FINAL,
    Clear,
    Open,
    Over,
    Rest,
    Unwatched,
    Visit,
    Watched,
    clashes,
)
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules

KIND: ConflictKind = "rest_window"


def note_procedure(state: Rest, command: NoteProcedure, given: Given[Rules]) -> Decision:
    known = state.at(command.appointment_id)
    procedure_id = command.procedure_id or (known and known.procedure_id)
    if procedure_id is None or (known and command.told <= known.told):
        return ()
    also = others_of(given.target, given)
    return [like(RestDayNoted, command, procedure_id=procedure_id, also=also)]


def drop_procedure(state: Rest, command: DropProcedure, given: Given[Rules]) -> Decision:
    also = others_of(given.target, given)
    return [
        RestDayNoted(
            appointment_id=each.appointment_id, procedure_id=each.procedure_id, told=command.told, also=also
        )
        for each in state.procedures
        if each.told < command.told
        and (each.appointment_id == command.appointment_id or each.procedure_id == command.procedure_id)
    ]


REST = Table(note_procedure, drop_procedure)


def watch(state: Unwatched, command: WatchVisit, given: Given[Rules]) -> Decision:
    """Of exercise; what else is done does no harm to who rests."""
    activity = given.others["activity", command.activity_id]
    kinds = given.rules.care_plan.rest_window.values.kinds
    if not isinstance(activity, WithCourse) or activity.course.order.kind not in kinds:
        return ()
    known = like(Clear, command, visits=(like(Visit, command),))
    return [like(VisitWatched, command), *looked_at(known, "moved", given)]


def watch_another(state: Watched, command: WatchVisit, given: Given[Rules]) -> Decision:
    return noted(state, like(VisitWatched, command), "moved", given)


def move(state: Watched, command: MoveWatchedVisit, given: Given[Rules]) -> Decision:
    if state.at(command.appointment_id) is None:
        return ()
    return noted(state, like(VisitWatched, state, **asdict(command)), "moved", given)


def end_visit(state: Watched, command: EndWatchedVisit, given: Given[Rules]) -> Decision:
    if state.at(command.appointment_id) is None:
        return ()
    fact = like(VisitWatched, state, appointment_id=command.appointment_id, told=FINAL)
    return noted(state, fact, "no_longer_applies", given)


def noted(state: Watched, fact: VisitWatched, gone: ConflictResolution, given: Given[Rules]) -> Decision:
    known = state.at(fact.appointment_id)
    if known is not None and fact.told <= known.told:
        return ()
    now = replace(state, visits=state.visits_with(like(Visit, fact)))
    return [fact, *looked_at(now, gone, given)]


def look(state: Watched, command: LookAtRest, given: Given[Rules]) -> Decision:
    """Is what was in the way on another day, or is there none any more?"""
    rests = [each for each in given.others.values() if isinstance(each, Rest)]
    planned = {each.procedure_id for rest in rests for each in rest.procedures if each.day}
    moved = isinstance(state, Open) and state.procedure_id in planned
    return looked_at(state, "moved" if moved else "no_longer_applies", given)


def pause(state: Watched, command: PauseWatch, given: Given[Rules]) -> Decision:
    if state.paused or given.cause_id in state.told_by:
        return []
    return [WatchPaused(), *looked_at(replace(state, paused=True), "paused", given)]


def resume(state: Watched, command: ResumeWatch, given: Given[Rules]) -> Decision:
    going_on = replace(state, paused=False)
    if not state.paused or given.cause_id in state.told_by:
        return []
    return [WatchResumed(), *looked_at(going_on, "moved", given)]


def end(state: Watched, command: EndWatch, given: Given[Rules]) -> Decision:
    resolved = [resolution(state, command.resolution, given)] if isinstance(state, Open) else []
    return [*resolved, WatchEnded()]


@by(CLINICIAN)
def accept(state: Open, command: AcceptConflict, given: Given[Rules]) -> Decision:
    """As it is now: on other days it is asked about again."""
    seen = clashes(state, given)
    accepted = ClashesAccepted(
        visits=tuple(each.visit for each in seen),
        visit_days=tuple(each.visit_day for each in seen),
        appointments=tuple(each.room for each in seen),
        procedures=tuple(each.procedure_id for each in seen),
        procedure_days=tuple(each.procedure_day for each in seen),
    )
    told = resolution(state, "accepted", given).model_copy(update={"decided_by": decider(given)})
    return [accepted, told]


@by(CLINICIAN)
def accept_nothing(state: Clear, command: AcceptConflict, given: Given[Rules]) -> Decision:
    return Refused("nothing is in the way: there is nothing to leave as it is", code="no-conflict")


def looked_at(state: Watched, gone: ConflictResolution, given: Given[Rules]) -> list[Step]:
    """`gone`: how it came to an end, where nothing is in the way now."""
    found = clashes(state, given)
    if isinstance(state, Open):
        return [] if found else [resolution(state, gone, given)]
    if not found:
        return []
    detected: Fact = ConflictDetected(
        conflict_id=given.target,
        kind=KIND,
        activity_ids=(state.activity_id,),
        procedure_id=found[0].procedure_id,
        on=min(each.visit_day for each in found),
    )
    return [Ruled(detected, (given.rules.care_plan.rest_window,))]


def resolution(state: Open, how: ConflictResolution, given: Given[Rules]) -> ConflictResolved:
    return ConflictResolved(
        conflict_id=given.target,
        kind=KIND,
        activity_ids=(state.activity_id,),
        procedure_id=state.procedure_id,
        resolution=how,
    )


CONFLICT = Table(
    *(watch, watch_another, move, end_visit, look, pause, resume, end),
    *(accept, accept_nothing),
    ignores(WatchVisit, when=Over),
    ignores(
        *(MoveWatchedVisit, EndWatchedVisit, LookAtRest, PauseWatch, ResumeWatch, EndWatch),
        when=Unwatched | Over,
    ),
)
