"""An investigation is done, cancelled by name, or somebody's work; what it finds is read by a named person."""

from datetime import date, timedelta

from backbone.model import Decision, Given, Group, Refused, Ruled, Table, by, decider, ignores
from schemas.care_plan.v1.investigation import (
    InvestigationFellDue,
    InvestigationOrdered,
    InvestigationReported,
    InvestigationSettled,
)
from services.care_plan.history.states import not_their_referral
from services.care_plan.investigation.commands import (
    CancelInvestigation,
    FallDue,
    NoteNotDone,
    OrderAgain,
    OrderInvestigation,
    ReadInvestigation,
    ReportInvestigation,
)
from services.care_plan.investigation.states import NotOrdered, Ordered, Reported, Settled
from services.care_plan.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR, LEADS, not_one_of
from services.care_plan.rules import Rules


def due(said: date | None, given: Given[Rules]) -> date | Refused:
    """By the clinic's rule where nobody says another day; not so late that nobody asks for it any more."""
    limits, today = given.rules.care_plan.investigation.values, given.rules.calendar.day(given.at)
    day = said or today + timedelta(days=limits.days)
    if today <= day <= today + timedelta(days=limits.most_days):
        return day
    return Refused(
        f"due_on: from today on, at most {limits.most_days} days from now", code="due-out-of-range"
    )


@by(CLINICIAN)
def order(state: NotOrdered, command: OrderInvestigation, given: Given[Rules]) -> Decision:
    """It has a date, and somebody who reads what it finds."""
    wrong = not_their_referral(command.referral_id, given)
    if wrong := wrong or not_one_of(CLINICIAN, command.responsible_id, given.rules):
        return wrong
    day = due(command.due_on, given)
    if isinstance(day, Refused):
        return day
    fact = InvestigationOrdered(
        investigation_id=given.target,
        kind=command.kind,
        due_on=day,
        times=1,
        responsible_id=command.responsible_id or decider(given),
        ordered_by=decider(given),
    )
    return [Ruled(fact, (given.rules.care_plan.investigation,))]


def fall_due(state: Ordered, command: FallDue, given: Given[Rules]) -> Decision:
    """The day is over and nothing was heard."""
    if state.called or state.due_on != command.due_on:
        return ()
    rule = given.rules.care_plan.investigation
    return [Ruled(asked_for(state, "nothing_heard", given), (rule,))]


def asked_for(state: Ordered, cause: str, given: Given[Rules]) -> InvestigationFellDue:
    return InvestigationFellDue(
        investigation_id=given.target,
        kind=state.kind,
        due_on=state.due_on,
        cause=cause,
        responsible_id=state.responsible_id,
    )


@by(CLINICIAN_OR_COORDINATOR)
def not_done(state: Ordered, command: NoteNotDone, given: Given[Rules]) -> Decision:
    """Somebody orders it again or cancels it: nobody waits for its day."""
    return () if state.called else [asked_for(state, command.reason, given)]


@by(CLINICIAN_OR_COORDINATOR)
def order_again(state: Ordered, command: OrderAgain, given: Given[Rules]) -> Decision:
    day = due(command.due_on, given)
    if isinstance(day, Refused):
        return day
    if day == state.due_on and not state.called:
        return ()
    fact = InvestigationOrdered(
        investigation_id=given.target,
        kind=state.kind,
        due_on=day,
        times=state.times + 1,
        responsible_id=state.responsible_id,
        ordered_by=decider(given),
    )
    return [Ruled(fact, (given.rules.care_plan.investigation,))]


@by(CLINICIAN)
def cancel(state: Ordered, command: CancelInvestigation, given: Given[Rules]) -> Decision:
    """A clinician says by name that it is not wanted any more, and why."""
    return [
        InvestigationSettled(
            investigation_id=given.target,
            kind=state.kind,
            how="cancelled",
            reason=command.reason,
            decided_by=decider(given),
        )
    ]


@by(CLINICIAN_OR_COORDINATOR)
def report(state: Ordered, command: ReportInvestigation, given: Given[Rules]) -> Decision:
    """Also after a discharge: whoever answers for it reads it."""
    return [
        InvestigationReported(
            investigation_id=given.target, kind=state.kind, responsible_id=state.responsible_id
        )
    ]


def readers(state: Reported, rules: Rules) -> Group:
    """Whoever answers for it; or a plan lead, where they are away."""
    name = "whoever answers for it, or a plan lead"
    return Group(name, roles=LEADS, persons=frozenset({state.responsible_id}))


@by(readers)
def read(state: Reported, command: ReadInvestigation, given: Given[Rules]) -> Decision:
    """How it goes on is theirs to say."""
    return [
        InvestigationSettled(
            investigation_id=given.target,
            kind=state.kind,
            how="read",
            result=command.result,
            decided_by=decider(given),
        )
    ]


DECIDE: Table = Table(
    *(order, fall_due, not_done, order_again, cancel, report, read),
    ignores(FallDue, when=(NotOrdered, Reported, Settled)),
    ignores(ReportInvestigation, when=Reported, whom=CLINICIAN_OR_COORDINATOR),
)
