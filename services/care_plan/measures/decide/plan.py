"""When measures will be asked for: planned with the visit or the review, moved with it, planned again."""

from datetime import time, timedelta

from backbone.model import Decision, Given, Table, ignores, like
from services.care_plan.measures.commands import MoveRequest, PlanRequest
from services.care_plan.measures.facts import BaselineTooOld, RequestPlanned
from services.care_plan.measures.states import Ended, NoRequest, Planned, Requested
from services.care_plan.rules import Rules


def plan(state: NoRequest, command: PlanRequest, given: Given[Rules]) -> Decision:
    return [like(RequestPlanned, command)]


def plan_anew(state: Planned, command: PlanRequest | MoveRequest, given: Given[Rules]) -> Decision:
    """The visit was moved before anything was asked: what the command does not say stays as it was."""
    same = (state.due_on, state.ask_at) == (command.due_on, command.ask_at)
    if same or given.cause_id in state.planned_by:
        return ()
    if isinstance(command, PlanRequest):
        return [like(RequestPlanned, command)]
    return [like(RequestPlanned, state, due_on=command.due_on, ask_at=command.ask_at)]


def plan_after_end(state: Ended, command: PlanRequest, given: Given[Rules]) -> Decision:
    """An answered baseline stays valid; an unanswered one is asked for before the next first visit."""
    if given.cause_id in state.planned_by:
        return ()
    return [like(RequestPlanned, command)] if state.may_be_asked_again else too_old(state, command, given)


def move_after_end(state: Ended, command: MoveRequest, given: Given[Rules]) -> Decision:
    return () if given.cause_id in state.planned_by else too_old(state, command, given)


def too_old(state: Ended, command: PlanRequest | MoveRequest, given: Given[Rules]) -> list[BaselineTooOld]:
    """A first visit was moved so far that the answered baseline counts no longer: it is asked for again."""
    days = given.rules.measures.battery.values.baseline_max_age_days
    since = given.rules.calendar.at(command.due_on - timedelta(days=days), time())
    return [like(BaselineTooOld, command)] if state.is_baseline_before(since) else []


PLAN = Table(
    *(plan, plan_anew, plan_after_end, move_after_end),
    ignores(PlanRequest, when=Requested),
    ignores(MoveRequest, when=(NoRequest, Requested)),
)
"""What was asked stays asked."""
