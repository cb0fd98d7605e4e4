"""What people record of a gate: evidence for it or against it, or that it is waived."""

from datetime import date

from backbone.model import Decision, Given, Group, Refused, Table, by, decider, like
from schemas.scheduling.v1.gate import GateFailed, GateWaived
from services.scheduling.gate.commands import RecordEvidence, WaiveGate
from services.scheduling.gate.decide.opening import shown
from services.scheduling.gate.states import Asked, Closed, Live, Satisfied, Unmet, Waived, rule_of
from services.scheduling.roles import EVIDENCE, WAIVER
from services.scheduling.rules import Rules


def who_records(state: Asked | None, rules: Rules) -> Group:
    """As the rule of the kind says."""
    return EVIDENCE if state is None else named(rule_of(state.kind, rules).recorded_by)


def who_waives(state: Asked | None, rules: Rules) -> Group:
    return WAIVER if state is None else named(rule_of(state.kind, rules).waived_by)


def named(roles: tuple[str, ...]) -> Group:
    """Nobody, where it follows from a fact."""
    words = " or ".join(each.replace("_", " ") for each in roles)
    return Group(words or "what it follows from, not a person,", frozenset(roles))


def not_to_be_believed(state: Live, command: RecordEvidence, given: Given[Rules]) -> Refused | None:
    """ANT-05: a value counts that was taken in its time; nothing is read from a limit that nobody signed."""
    can_be = rule_of(state.kind, given.rules).plausible
    if can_be is None:
        return None
    if command.value is None or command.taken_at is None:
        return Refused("value, taken_at: say what was measured, and when", code="value-missing")
    if not can_be.least <= command.value <= can_be.most:
        return Refused(f"value: it can be {can_be.least} to {can_be.most}", code="not-plausible")
    if state.most is None or state.taken_from is None:
        return Refused("no signed plan says how high it may be: have the plan signed", code="no-limit")
    if not state.taken_from <= command.taken_at <= given.at:
        since = given.rules.calendar.local(state.taken_from)
        return Refused(f"taken_at: counts from {since:%Y-%m-%d %H:%M} until now", code="out-of-time")
    return None


def not_that_day(state: Live, command: RecordEvidence, given: Given[Rules]) -> Refused | None:
    """What does not hold on the day of the procedure shows nothing."""
    first, last = command.valid_from or date.min, command.valid_to or date.max
    if last < first:
        return Refused("valid_to: this is before valid_from", code="wrong-days")
    day = given.rules.calendar.day(state.needed_at) if command.met and state.needed_at else None
    if day is not None and not first <= day <= last:
        return Refused(f"valid_from, valid_to: the procedure is on {day}", code="not-that-day")
    return None


def is_good(state: Live, command: RecordEvidence, given: Given[Rules]) -> bool:
    """Of what is measured the value counts too."""
    if not command.met or not rule_of(state.kind, given.rules).measured:
        return command.met
    return command.value is not None and state.most is not None and command.value <= state.most


@by(who_records)
def record(state: Unmet | Satisfied | Waived, command: RecordEvidence, given: Given[Rules]) -> Decision:
    """New evidence against what was met or waived counts too: it fails closed."""
    if refusal := not_to_be_believed(state, command, given) or not_that_day(state, command, given):
        return refusal
    if not is_good(state, command, given):
        return [like(GateFailed, state, gate_id=given.target, due_at=state.needed_at, value=command.value)]
    met = shown(
        state,
        given.ref("evidence"),
        given,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        value=command.value,
    )
    return [met]


@by(who_records)
def record_nowhere(state: Closed, command: RecordEvidence, given: Given[Rules]) -> Decision:
    return Refused("nobody asks for this any more", code="gate-closed")


@by(who_waives)
def waive(state: Unmet, command: WaiveGate, given: Given[Rules]) -> Decision:
    roles = rule_of(state.kind, given.rules).waived_by
    own = given.rules.staff.roles_of(decider(given)).union(given.rights.roles, {given.actor.role})
    role = next(each for each in roles if each in own)
    return [
        like(
            GateWaived,
            state,
            gate_id=given.target,
            role=role,
            reason=command.reason,
            decided_by=decider(given),
        )
    ]


@by(who_waives)
def waive_nothing(state: Satisfied | Closed, command: WaiveGate, given: Given[Rules]) -> Decision:
    return Refused("there is nothing to waive: it is met, or nobody asks for it", code="not-open")


@by(who_waives)
def waive_again(state: Waived, command: WaiveGate, given: Given[Rules]) -> Decision:
    return ()


EVIDENCE_TABLE = Table(record, record_nowhere, waive, waive_nothing, waive_again)
