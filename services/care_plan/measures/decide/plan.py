"""When measures will be asked for: planned with the visit or the review, moved with it, planned again."""

from backbone.model import Decision, Given, Table, ignores, like
from services.care_plan.measures.commands import MoveRequest, PlanRequest
from services.care_plan.measures.facts import RequestPlanned
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
    again = state.may_be_asked_again and given.cause_id not in state.planned_by
    return [like(RequestPlanned, command)] if again else ()


PLAN = Table(
    *(plan, plan_anew, plan_after_end),
    ignores(PlanRequest, when=Requested),
    ignores(MoveRequest, when=(NoRequest, Requested, Ended)),
)
"""What was asked stays asked."""
