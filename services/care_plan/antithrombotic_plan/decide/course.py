"""What asks for a plan, what makes it invalid, what ends it: procedures, drugs, dates, kidneys."""

from datetime import datetime

from msgspec.structs import replace

from backbone.model import Decision, Given, Ruled, Step, TooEarly, like
from schemas.care_plan.v1.antithrombotic import AntithromboticPlanInvalidated, AntithromboticPlanRequested
from schemas.care_plan.v1.codes import PlanInvalidated
from services.care_plan.antithrombotic_plan.commands import (
    CancelPlan,
    DropDate,
    FinishPlan,
    FollowProcedure,
    LookAtDrugs,
    NoteDate,
    NoteInr,
)
from services.care_plan.antithrombotic_plan.content import (
    concerned,
    first_stop,
    is_held_otherwise,
    need,
    proposed,
)
from services.care_plan.antithrombotic_plan.facts import (
    DateDropped,
    DateNoted,
    DrugsSeen,
    InrFailed,
    OverrideGone,
    PlanCancelled,
    PlanFinished,
    ProcedureFollowed,
    StatedKidneys,
)
from services.care_plan.antithrombotic_plan.states import (
    Appointment,
    Invalidated,
    Known,
    Live,
    NoPlan,
    NotNeeded,
    Requested,
    Signed,
    Waiting,
    Written,
)
from services.care_plan.opioid.states import Assessed
from services.care_plan.renal_function.states import newest
from services.care_plan.rules import Rules


def follow(state: NoPlan, command: FollowProcedure, given: Given[Rules]) -> Decision:
    known = like(Known, command, **listed(None, given))
    followed = like(ProcedureFollowed, command, **stated(known))
    return [followed, *asked(NotNeeded(known=known), known, given)]


def listed(on: Appointment | None, given: Given[Rules]) -> dict[str, object]:
    """The drugs on the lists of all records of the person, how they are taken, and whether the lists hide none; no list
    at all hides some. And the kidneys, if what is known of them is not too old on the day of the procedure, or today
    while it has none."""
    rules, kidneys = given.rules, newest(given)
    day = rules.calendar.day(on.start if on else given.at)
    if kidneys and not kidneys.counts_on(day, rules.antithrombotic.renal.values.max_age_days):
        kidneys = None
    lists = [each for each in given.others.values() if isinstance(each, Assessed) and each.list_ref]
    drugs = {name for each in lists for name in each.antithrombotics}
    ways = tuple(sorted({each for found in lists for each in found.ways}))
    whole = bool(lists) and all(each.whole for each in lists)
    return {"drugs": concerned(sorted(drugs), rules), "ways": ways, "whole": whole, "kidneys": kidneys}


def stated(known: Known) -> dict[str, object]:
    """As a fact has it."""
    kidneys = like(StatedKidneys, known.kidneys) if known.kidneys else None
    return {"drugs": known.drugs, "ways": known.ways, "whole": known.whole, "kidneys": kidneys}


def looked_at(known: Known) -> DrugsSeen:
    return DrugsSeen.model_validate(stated(known))


def asked(state: Live, known: Known, given: Given[Rules]) -> list[Step]:
    """Asked for, or asked again where more hangs on it than was said; nothing that was asked is taken back."""
    found, before = need(known, given.rules), state.known
    blocking = found.blocking or before.blocking
    is_new = isinstance(state, NotNeeded) or (
        isinstance(state, Waiting) and has_more(known, before, given.rules)
    )
    if not ((found.asked or before.blocking) if is_new else (blocking and not before.blocking)):
        return []
    rules = given.rules.antithrombotic
    fact = AntithromboticPlanRequested(
        antithrombotic_plan_id=given.target,
        procedure_id=known.procedure_id,
        risk=known.risk,
        drug_count=len(known.drugs),
        blocking=blocking,
        needs_inr=any(each.needs_inr for each in proposed(known, given.rules)),
        first_stop_at=first_stop(known, given.rules),
    )
    because = rules.unknown if found.unknown else rules.planning if blocking else rules.shared
    return [Ruled(fact, (because, rules.table))]


def has_more(known: Known, before: Known, rules: Rules) -> bool:
    """A drug or a way of taking it that nobody was asked about, lists that may hide one now, kidneys that put a drug
    into another row: whoever waived the plan knew of none of these."""
    news = ({*known.drugs} - {*before.drugs}) | ({*known.ways} - {*before.ways})
    more = bool(news) or (before.whole and not known.whole)
    return more or is_held_otherwise(known.drugs, known, before, rules)


def look(state: Waiting, command: LookAtDrugs, given: Given[Rules]) -> Decision:
    known = replace(state.known, **listed(state.known.appointment, given))
    return () if known == state.known else [looked_at(known), *asked(state, known, given)]


def look_at_written(state: Written, command: LookAtDrugs, given: Given[Rules]) -> Decision:
    """The same drugs, taken as before, on a list that is complete now change nothing that somebody decided; nor do
    other kidneys with which every drug stays in its row (ANT-04)."""
    before = state.known
    known = replace(before, **listed(before.appointment, given))
    if known == before:
        return ()
    if (known.drugs, known.ways) != (before.drugs, before.ways) or (before.whole and not known.whole):
        return [looked_at(known), *asked_anew(state, "drugs_changed", known, given)]
    if by_other_kidneys(state, known, given):
        return [looked_at(known), *asked_anew(state, "renal_function_changed", known, given)]
    return [looked_at(known), *told_by_itself(state, known)]


def by_other_kidneys(state: Written, known: Known, given: Given[Rules]) -> bool:
    drugs = (each.drug for each in state.lines)
    return is_held_otherwise(drugs, known, state.known, given.rules)


def asked_anew(state: Written, cause: PlanInvalidated, known: Known, given: Given[Rules]) -> list[Step]:
    return [*invalidated(state, cause, given, known), *asked(state, known, given)]


def told_by_itself(state: Written, known: Known) -> list[OverrideGone]:
    """ANT-06: what was asked about is known now. What was signed on an answer stands."""
    is_known = not replace(state, known=known).untold
    return unasked(state) if is_known and not isinstance(state, Signed) else []


def invalidated(
    state: Written, cause: PlanInvalidated, given: Given[Rules], known: Known | None = None
) -> list[Step]:
    """ANT-04. Whoever was told to stop a drug may have stopped it. `known`: what is true from now on."""
    signed = isinstance(state, Signed)
    stop: datetime | None = state.last_dose_at if isinstance(state, Signed) else None
    fact = AntithromboticPlanInvalidated(
        antithrombotic_plan_id=given.target,
        procedure_id=state.known.procedure_id,
        cause=cause,
        was_signed=signed,
        hold_running=stop is not None and given.at >= stop,
        first_stop_at=first_stop(known or state.known, given.rules),
    )
    return [Ruled(fact, (given.rules.antithrombotic.hold_running,))]


def not_ordered_yet(state: NoPlan, command: NoteDate, given: Given[Rules]) -> Decision:
    return TooEarly("this procedure is not known here, or not yet", code="unknown-procedure")


def is_newer(known: Known, command: NoteDate) -> bool:
    before = known.appointment
    return before is None or before.id != command.appointment_id or before.version < command.version


def note_date(state: Waiting, command: NoteDate, given: Given[Rules]) -> Decision:
    """On that day the kidneys may be too long ago."""
    if not is_newer(state.known, command):
        return ()
    return [like(DateNoted, command), *asked(state, dated(state.known, command), given)]


def dated(known: Known, command: NoteDate) -> Known:
    return replace(known, appointment=Appointment(command.appointment_id, command.version, command.start))


def move_date(state: Written, command: NoteDate, given: Given[Rules]) -> Decision:
    """The first date of a draft changes nothing in it, unless what is known of the kidneys is too old on it; every
    other one does."""
    if not is_newer(state.known, command):
        return ()
    moved, is_first = dated(state.known, command), state.known.appointment is None
    if is_first and not by_other_kidneys(state, moved, given):
        return [like(DateNoted, command)]
    cause: PlanInvalidated = "renal_function_changed" if is_first else "appointment_moved"
    return [like(DateNoted, command), *asked_anew(state, cause, moved, given)]


def is_theirs(known: Known, command: DropDate) -> bool:
    return known.appointment is not None and known.appointment.id == command.appointment_id


def drop_date(state: Waiting, command: DropDate, given: Given[Rules]) -> Decision:
    return [DateDropped()] if is_theirs(state.known, command) else ()


def lose_date(state: Written, command: DropDate, given: Given[Rules]) -> Decision:
    if not is_theirs(state.known, command):
        return ()
    cause: PlanInvalidated = "appointment_missed" if command.missed else "appointment_cancelled"
    undated = replace(state.known, appointment=None)
    return [DateDropped(), *invalidated(state, cause, given, undated)]


def cancel(state: Live, command: CancelPlan, given: Given[Rules]) -> Decision:
    """Who read that a drug is held is told that it is not."""
    told = invalidated(state, "procedure_cancelled", given) if isinstance(state, Signed) else []
    return [*told, PlanCancelled(), *unasked(state)]


def finish(state: Live, command: FinishPlan, given: Given[Rules]) -> Decision:
    return [PlanFinished(), *unasked(state)]


def unasked(state: Live) -> list[OverrideGone]:
    asked_for = state.known.override_id
    return [OverrideGone(override_id=asked_for)] if asked_for else []


def note_inr(state: Requested | Invalidated | Written, command: NoteInr, given: Given[Rules]) -> Decision:
    """ANT-05: on the day itself nobody waits for the next check."""
    on: Appointment | None = state.known.appointment
    day, is_told = given.rules.calendar.day, command.fact_id in state.known.inr_failed
    is_today = on is not None and day(on.start) == day(command.at)
    return [InrFailed(fact_id=command.fact_id)] if is_today and not is_told else ()


COURSE = (
    *(follow, look, look_at_written, not_ordered_yet, note_date, move_date),
    *(drop_date, lose_date, cancel, finish, note_inr),
)
