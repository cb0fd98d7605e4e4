"""When measures will be asked for: planned with the visit or the review, moved with it, planned again."""

from backbone.model import Decision, Given, Table
from services.care_plan.domain.facts import RequestPlanned
from services.care_plan.domain.measures.states import (
    Ended,
    MoveRequest,
    NoRequest,
    Planned,
    PlanRequest,
    Requested,
)
from services.care_plan.domain.rules import Rules


def plan(state: NoRequest, command: PlanRequest, given: Given[Rules]) -> Decision:
    planned = RequestPlanned(
        occasion=command.occasion,
        due_on=command.due_on,
        ask_at=command.ask_at,
        appointment_id=command.appointment_id,
    )
    return [planned]


def plan_anew(state: Planned, command: PlanRequest, given: Given[Rules]) -> Decision:
    """The visit was moved before anything was asked."""
    same = (state.due_on, state.ask_at) == (command.due_on, command.ask_at)
    return () if same or given.cause_id in state.planned_by else plan(NoRequest(), command, given)


def move(state: Planned, command: MoveRequest, given: Given[Rules]) -> Decision:
    moved = PlanRequest(
        occasion=state.occasion,
        due_on=command.due_on,
        ask_at=command.ask_at,
        appointment_id=state.appointment_id,
    )
    return plan_anew(state, moved, given)


def move_too_late(
    state: NoRequest | Requested | Ended, command: MoveRequest, given: Given[Rules]
) -> Decision:
    """What was asked stays asked."""
    return ()


def plan_after_end(state: Ended, command: PlanRequest, given: Given[Rules]) -> Decision:
    """An answered baseline stays valid; an unanswered one is asked for before the next first visit."""
    again = state.may_be_asked_again and given.cause_id not in state.planned_by
    return plan(NoRequest(), command, given) if again else ()


def asked_already(state: Requested, command: PlanRequest, given: Given[Rules]) -> Decision:
    """What was asked stays asked."""
    return ()


PLANNING = Table(plan, plan_anew, plan_after_end, asked_already, move, move_too_late)
