"""The date of a procedure: what payers count is asked for the real day, and whom it needs is asked once for each."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from backbone.ids import derive
from backbone.model import Decision, Given, Ruled, Step, Table, ignores, like
from schemas.care_plan.v1.procedure import ProcedureOutcomeNeeded, ProcedureOutcomeSettled
from services.care_plan.history.states import history_of
from services.care_plan.override.states import Decided
from services.care_plan.procedure.commands import LookAtLimits, LoseDate, SetDate
from services.care_plan.procedure.decide.limits import Reached, ordered_twice, previous, reached
from services.care_plan.procedure.facts import LimitGone, LimitReached, ProcedureDated, ProcedureUndated
from services.care_plan.procedure.states import Cancelled, Judged, NotOrdered, Ordered, Performed, Question
from services.care_plan.procedure_record.states import Known, procedures_beside, procedures_of
from services.care_plan.rules import Rules


def set_date(state: Ordered, command: SetDate, given: Given[Rules]) -> Decision:
    """PRC-01 to PRC-03 for this day: what asked for another day and says nothing now, asks no longer. First what is
    asked anew: nothing is booked in between."""
    known, on = state.date, given.rules.calendar.day(command.start)
    is_same = known is not None and known.appointment_id == command.appointment_id
    if known and is_same and command.version <= known.version:
        return ()
    dated = ProcedureDated(appointment_id=command.appointment_id, appointment_version=command.version, on=on)
    if known and is_same and known.on == on:
        return [dated]
    return [dated, *asked_anew(state, on, given)]


def look_again(state: Ordered, command: LookAtLimits, given: Given[Rules]) -> Decision:
    """The same for the day that is known: what another procedure made of the limits asks too, and asks no longer."""
    today = given.rules.calendar.day(given.at)
    on = state.date.on if state.date else max(state.order.not_before or today, today)
    waits = outcome_settled(state, given) or outcome_needed(state, given)
    return [*waits, *asked_anew(state, on, given, same_day=True)]


def outcome_settled(state: Ordered, given: Given[Rules]) -> list[Step]:
    """PRC-04, of the one that it waits for: known by now, or done to somebody else, as the records were parted. Then it
    waits for the one before that is theirs, if there is one."""
    previous_id = state.order.previous_id
    if previous_id is None or previous_id == state.settled:
        return []
    before = next((each for each in procedures_of(given) if each.procedure_id == previous_id), None)
    if before and before.relief_pct is None:
        return []
    rule, known = given.rules.procedures.outcome, before is not None
    settled = ProcedureOutcomeSettled(procedure_id=given.target, previous_id=previous_id, known=known)
    theirs = replace(state, order=replace(state.order, previous_id=None))
    return [Ruled(settled, (rule,)), *outcome_needed(state if known else theirs, given)]


def outcome_needed(state: Ordered, given: Given[Rules]) -> list[Step]:
    """PRC-04, of what was done since it was ordered. Both sides on one day are one session: neither waits."""
    rules = given.rules.procedures
    wanted = like(Known, state.order, procedure_id=given.target)
    before = previous(wanted, procedures_of(given), rules)
    if before is None or before.relief_pct is not None or before.procedure_id == state.order.previous_id:
        return []
    if state.date and before.on and state.date.on <= before.on:
        return []
    needed = ProcedureOutcomeNeeded(procedure_id=given.target, previous_id=before.procedure_id)
    return [Ruled(needed, (rules.outcome,))]


def asked_anew(state: Ordered, on: date, given: Given[Rules], *, same_day: bool = False) -> list[Step]:
    """`same_day`: the date is as it was, and what was refused stays so."""
    rules = given.rules.procedures
    payer, is_known = rules.payer(history_of(state.referral_id, given).payer_profile)
    wanted = like(Known, state.order, procedure_id=given.target)
    limits = [*reached(wanted, on, procedures_of(given), payer, rules), *twice(state, wanted, given)]
    open_now = {each.rule: each for each in state.asked if same_day or still_stands(each, on, given)}
    stand = {each.rule.id for each in limits} & set(open_now)
    gone = [LimitGone(override_id=each.override_id) for each in state.asked if each.rule not in stand]
    new = [each for each in limits if each.rule.id not in stand]
    return [*questions(new, on, given, is_known=is_known), *gone]


def twice(state: Ordered, wanted: Known, given: Given[Rules]) -> Iterator[Reached]:
    rules = given.rules.procedures
    was_asked = any(each.rule == rules.twice.id for each in state.asked)
    yield from ordered_twice(wanted, procedures_beside(state.patient_id, given), rules, was_asked=was_asked)


def still_stands(question: Question, on: date, given: Given[Rules]) -> bool:
    """Nobody has answered, or it was granted; a refusal holds for its day."""
    answer = given.others["override", question.override_id]
    is_refused = isinstance(answer, Decided) and not answer.granted
    return not is_refused or question.on == on


def questions(limits: Sequence[Reached], on: date, given: Given[Rules], *, is_known: bool) -> list[Step]:
    """One for each rule; where nobody knows who pays, that is why they may not."""
    return [
        Ruled(
            LimitReached(
                rule=each.rule.id,
                override_id=derive(given.target, f"override:{each.rule.id}:{given.version}"),
                on=on,
                coverage_risk=each.risk if is_known else "unknown",
            ),
            (each.rule,),
        )
        for each in limits
    ]


def lose_date(state: Ordered, command: LoseDate, given: Given[Rules]) -> Decision:
    is_this = state.date is not None and state.date.appointment_id == command.appointment_id
    return [ProcedureUndated()] if is_this else ()


DATES = Table(
    *(set_date, look_again, lose_date),
    ignores(SetDate, LookAtLimits, LoseDate, when=(NotOrdered, Performed, Judged, Cancelled)),
)
