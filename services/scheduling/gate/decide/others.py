"""What others decide asks for a gate, and meets it: a plan (ANT-01 to ANT-05), an override (PRC-01 to PRC-03), and what
was done since (PRC-04)."""

from collections.abc import Sequence

from backbone.model import Decision, Given, Refused, Step, Table, ignores, like
from schemas.scheduling.v1.gate import GateFailed
from services.scheduling.appointment.states import Dated
from services.scheduling.gate.commands import (
    AwaitOutcome,
    AwaitOverride,
    AwaitPlan,
    DropPlan,
    SettleOutcome,
    TakeOverride,
    TakePlan,
)
from services.scheduling.gate.decide.opening import closed, opened, placing, shown
from services.scheduling.gate.facts import (
    LimitNoted,
    OutcomeAwaited,
    OverrideAwaited,
    OverrideGranted,
    PlanFollowed,
)
from services.scheduling.gate.states import Closed, Failed, NoGate, Satisfied, Unmet, Waived
from services.scheduling.rules import Rules


def begun(command: AwaitPlan | AwaitOverride, given: Given[Rules]) -> Sequence[Step]:
    kind = "override" if isinstance(command, AwaitOverride) else command.kind
    placed = placing(command.procedure_id, kind, None, given.rules)
    return [placed, opened(placed, given)]


def await_plan_first(state: NoGate | Closed, command: AwaitPlan, given: Given[Rules]) -> Decision:
    return [*begun(command, given), like(PlanFollowed, command)]


def await_plan(state: Unmet | Satisfied | Waived, command: AwaitPlan, given: Given[Rules]) -> Decision:
    """Of another plan no signature is known. Whoever waived it did not know of the drugs that it is asked about since
    then; of a signature the plan itself says that it holds no more."""
    is_same = state.plan_id == command.plan_id
    if is_same and command.asked_by <= state.asked_by:
        return ()
    again = isinstance(state, Waived) if is_same else state.is_met
    return [*([opened(state, given)] if again else []), like(PlanFollowed, command)]


def not_this_date(command: TakePlan, procedure_id: str, given: Given[Rules]) -> Refused | None:
    """ANT-04: a plan is signed for one version of one appointment; for another it says nothing."""
    held = given.others.get(("appointment", command.appointment_id))
    if not isinstance(held, Dated) or held.matter.procedure_id != procedure_id:
        return Refused("the plan names no date of this procedure", code="another-procedure")
    if held.date.version != command.appointment_version:
        return Refused("the plan was signed for another date: sign it for this one", code="another-date")
    return None


def take_plan(state: Unmet | Satisfied | Waived, command: TakePlan, given: Given[Rules]) -> Decision:
    if refusal := not_this_date(command, state.procedure_id, given):
        return refusal
    followed = [like(PlanFollowed, command)] if state.plan_id != command.plan_id else []
    if state.kind == "antithrombotic_plan":
        if isinstance(state, Satisfied) and state.evidence_ref == command.plan_id:
            return followed
        return [*followed, shown(state, command.plan_id, given)]
    if command.most is None:
        return [*followed, closed(state, given)]
    if (state.taken_from, state.most) == (command.taken_from, command.most):
        return followed
    return [*followed, like(LimitNoted, command)]


def take_limit(state: NoGate | Closed, command: TakePlan, given: Given[Rules]) -> Decision:
    """ANT-05: the signed plan is what asks for a value of the day. Of a plan that nobody waits for nothing is met."""
    if command.kind != "inr" or command.most is None:
        return ()
    placed = placing(command.procedure_id, command.kind, None, given.rules)
    asked = [placed, opened(placed, given), like(PlanFollowed, command), like(LimitNoted, command)]
    return not_this_date(command, command.procedure_id, given) or asked


def drop_plan(state: Unmet | Satisfied | Waived, command: DropPlan, given: Given[Rules]) -> Decision:
    if state.plan_id != command.plan_id:
        return ()
    limit = [LimitNoted(plan_id=state.plan_id)] if state.most is not None else []
    return [*limit, *([opened(state, given)] if state.is_met else [])]


def await_outcome_first(state: NoGate | Closed, command: AwaitOutcome, given: Given[Rules]) -> Decision:
    placed = placing(command.procedure_id, "previous_outcome", None, given.rules, command.previous_id)
    return [placed, opened(placed, given)]


def await_outcome(state: Unmet | Satisfied | Waived, command: AwaitOutcome, given: Given[Rules]) -> Decision:
    """What is known of one before says nothing of this one: a date that was booked is held again."""
    if state.previous_id == command.previous_id:
        return ()
    again = [opened(state, given)] if state.is_met else []
    return [*again, like(OutcomeAwaited, command)]


def settle_outcome(state: Unmet, command: SettleOutcome, given: Given[Rules]) -> Decision:
    """Under another referral or record, too, of which this service knows no outcomes by itself. What is not waited for
    any more is as if it were shown."""
    if state.previous_id != command.previous_id:
        return ()
    if command.known:
        return [shown(state, command.previous_id, given)]
    return [OutcomeAwaited(), shown(state, state.procedure_id, given)]


def await_override_first(state: NoGate | Closed, command: AwaitOverride, given: Given[Rules]) -> Decision:
    return [*begun(command, given), like(OverrideAwaited, command)]


def await_override(
    state: Unmet | Satisfied | Waived, command: AwaitOverride, given: Given[Rules]
) -> Decision:
    if command.override_id in state.overrides:
        return ()
    again = [opened(state, given)] if state.is_met else []
    return [*again, like(OverrideAwaited, command)]


def take_back_override(state: Satisfied, command: TakeOverride, given: Given[Rules]) -> Decision:
    """Who may depart from the rule thinks otherwise now: the date is held again."""
    if command.granted or command.override_id not in state.granted:
        return ()
    return refused_now(state, command, given)


def refused_now(state: Unmet | Satisfied, command: TakeOverride, given: Given[Rules]) -> list[Step]:
    against = like(GateFailed, state, gate_id=given.target, due_at=state.needed_at)
    return [like(OverrideAwaited, command), *([] if isinstance(state, Failed) else [against])]


def take_override(state: Unmet, command: TakeOverride, given: Given[Rules]) -> Decision:
    """Met when everything that was asked for is granted."""
    if not command.granted and command.override_id in state.granted:
        return refused_now(state, command, given)
    if command.override_id not in state.overrides:
        return ()
    if not command.granted and isinstance(state, Failed):
        return ()
    if not command.granted:
        against = like(GateFailed, state, gate_id=given.target, due_at=state.needed_at)
        return [against]
    granted: list[Step] = [like(OverrideGranted, command)]
    if state.overrides == (command.override_id,):
        granted.append(shown(state, command.override_id, given))
    return granted


OTHERS = Table(
    *(await_plan_first, await_plan, take_plan, take_limit, drop_plan),
    *(await_outcome_first, await_outcome, settle_outcome),
    *(await_override_first, await_override, take_override, take_back_override),
    ignores(DropPlan, when=(NoGate, Closed)),
    ignores(SettleOutcome, when=(NoGate, Satisfied, Waived, Closed)),
    ignores(TakeOverride, when=(NoGate, Waived, Closed)),
)
