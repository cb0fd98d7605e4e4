"""How a procedure goes on: performed, what it brought, not going ahead."""

from datetime import datetime

from msgspec.structs import replace

from backbone.model import Decision, Given, Refused, Ruled, Table, TooEarly, by, ignores, like
from schemas.care_plan.v1.procedure import ProcedureCancelled, ProcedureOutcomeRecorded, ProcedurePerformed
from services.care_plan.history.states import history_of
from services.care_plan.procedure.commands import (
    CancelProcedure,
    EndWithPlan,
    RecordOutcome,
    RecordPerformed,
)
from services.care_plan.procedure.decide.limits import qualifying
from services.care_plan.procedure.facts import LimitGone
from services.care_plan.procedure.states import Cancelled, Done, Judged, NotOrdered, Ordered, Performed
from services.care_plan.procedure_record.states import procedures_of
from services.care_plan.roles import CLINICIAN
from services.care_plan.rules import Rules
from services.care_plan.visit.states import Noted, not_their_visit

NOT_HELD = ("appointment_cancelled", "patient_did_not_attend")


@by(CLINICIAN)
def perform(state: Ordered, command: RecordPerformed, given: Given[Rules]) -> Decision:
    """What was done is put on record, whatever payers say: what blocks a procedure blocks its date."""
    return not_there(command, given) or [like(ProcedurePerformed, command, procedure_id=given.target)]


def not_there(command: RecordPerformed, given: Given[Rules]) -> Refused | TooEarly | None:
    """At an appointment of this patient, for this procedure, on its day, which is not to come."""
    if wrong := not_their_visit(command.appointment_id, given):
        return wrong
    visit, day = given.others["visit", command.appointment_id], given.rules.calendar.day
    assert isinstance(visit, Noted)
    if visit.procedure_id is not None and visit.procedure_id != given.target:
        return Refused(
            "`appointment_id`: this appointment is for another procedure", code="another-procedure"
        )
    if visit.ended in NOT_HELD:
        return Refused("`appointment_id`: this appointment did not take place", code="not-held")
    if command.ended_at > given.at:
        return Refused("`ended_at`: this is still to come", code="wrong-time")
    if day(command.ended_at) != day(visit.start):
        return Refused("`ended_at`: this is not the day of the appointment", code="wrong-time")
    return None


@by(CLINICIAN)
def perform_again(state: Performed | Judged, command: RecordPerformed, given: Given[Rules]) -> Decision:
    known = (state.appointment_id, state.ended_at, state.complications)
    if known == (command.appointment_id, command.ended_at, command.complications):
        return ()
    return Refused(
        "it is on record as performed already", instead=("RecordOutcome",), code="performed-already"
    )


@by(CLINICIAN)
def judge(state: Performed | Judged, command: RecordOutcome, given: Given[Rules]) -> Decision:
    """The same again is nothing; what is known later is on record beside it."""
    if isinstance(state, Judged):
        known = state.relief_pct, state.relief_days, state.analgesics_pct
        if known == (command.relief_pct, command.relief_days, command.analgesics_pct):
            return ()
    if wrong := lasts_too_long(state.ended_at, command, given):
        return wrong
    rules = given.rules.procedures
    payer, _ = rules.payer(history_of(state.referral_id, given).payer_profile)
    outcome = like(
        ProcedureOutcomeRecorded,
        command,
        procedure_id=given.target,
        qualifies=does_qualify(state, command, given),
    )
    needed = rules.needed_after(rules.family(state.order.family).group, payer)
    return [Ruled(outcome, (needed.rule if needed else rules.blocks, payer))]


def lasts_too_long(ended_at: datetime, command: RecordOutcome, given: Given[Rules]) -> Refused | None:
    day = given.rules.calendar.day
    since = (day(given.at) - day(ended_at)).days
    if command.relief_days is not None and command.relief_days > since:
        return Refused(f"`relief_days`: it was done {since} days ago", code="lasts-too-long")
    return None


def does_qualify(state: Done, command: RecordOutcome, given: Given[Rules]) -> bool:
    """As one of the blocks that an ablation needs (PRC-03), beside those before it; as the trial (PRC-07)."""
    rules, known = given.rules.procedures, procedures_of(given)
    payer, _ = rules.payer(history_of(state.referral_id, given).payer_profile)
    mine = next((each for each in known if each.procedure_id == given.target), None)
    needed = rules.needed_after(rules.family(state.order.family).group, payer)
    if mine is None or needed is None:
        return False
    judged = replace(mine, relief_pct=command.relief_pct, analgesics_pct=command.analgesics_pct)
    others = [each for each in known if each is not mine]
    today = given.rules.calendar.day(given.at)
    return judged in qualifying(mine, today, [*others, judged], needed, rules)


@by(CLINICIAN)
def cancel(state: Ordered, command: CancelProcedure, given: Given[Rules]) -> Decision:
    return cancelled(state, command.reason, given)


def end_with_plan(state: Ordered, command: EndWithPlan, given: Given[Rules]) -> Decision:
    return cancelled(state, command.reason, given)


def cancelled(state: Ordered, reason: str, given: Given[Rules]) -> Decision:
    """Nobody is asked any more whether to go on."""
    gone = [LimitGone(override_id=each) for each in state.override_ids]
    return [ProcedureCancelled(procedure_id=given.target, reason=reason), *gone]


COURSE = Table(
    *(perform, perform_again, judge, cancel, end_with_plan),
    ignores(CancelProcedure, when=(Cancelled,), whom=CLINICIAN),
    ignores(EndWithPlan, when=(NotOrdered, Performed, Judged, Cancelled)),
)
