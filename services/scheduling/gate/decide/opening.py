"""A gate is asked for, again, and no more; and what is known already meets it at once."""

from typing import Any

from msgspec.structs import replace

from backbone.model import Decision, Given, Step, Table, ignores
from schemas.codes import GateKind, ProcedureFamily
from schemas.scheduling.v1.gate import GateClosed, GateOpened, GateSatisfied
from services.scheduling.authorisation.states import Approved, authorisation_id
from services.scheduling.gate.commands import CloseGate, FollowDate, LookAgain, OpenGate
from services.scheduling.gate.facts import DateNoted, GatePlaced, LimitNoted
from services.scheduling.gate.states import (
    Closed,
    Live,
    NoGate,
    Satisfied,
    Unmet,
    Waived,
    goes_with_date,
    rule_of,
)
from services.scheduling.procedure_record.states import procedures_of
from services.scheduling.rules import Rules


def placing(
    procedure_id: str,
    kind: GateKind,
    family: ProcedureFamily | None,
    rules: Rules,
    previous_id: str | None = None,
) -> GatePlaced:
    rule = rule_of(kind, rules)
    return GatePlaced(
        procedure_id=procedure_id,
        kind=kind,
        check_class=rule.check_class,
        blocks_booking=rule.blocks_booking,
        family=family,
        previous_id=previous_id,
    )


def opened(gate: GatePlaced | Live, given: Given[Rules], **of: Any) -> GateOpened:
    return GateOpened(
        gate_id=given.target,
        procedure_id=gate.procedure_id,
        kind=gate.kind,
        check_class=gate.check_class,
        blocks_booking=gate.blocks_booking,
        **of,
    )


def shown(gate: GatePlaced | Live, evidence_ref: str, given: Given[Rules], **of: Any) -> GateSatisfied:
    return GateSatisfied(
        gate_id=given.target,
        procedure_id=gate.procedure_id,
        kind=gate.kind,
        evidence_ref=evidence_ref,
        **of,
    )


def closed(gate: Live, given: Given[Rules]) -> GateClosed:
    return GateClosed(gate_id=given.target, procedure_id=gate.procedure_id, kind=gate.kind)


def known(gate: GatePlaced | Live, given: Given[Rules]) -> GateSatisfied | None:
    """What this service knows by itself: a payer's answer (PRC-05), the outcomes of what was done before (PRC-04)."""
    referral_id = given.pathway_id
    if gate.kind == "authorisation" and gate.family and referral_id:
        key = authorisation_id(referral_id, gate.family)
        answer = given.others.get(("authorisation", key))
        if isinstance(answer, Approved) and is_of_use(answer, gate, given):
            return shown(gate, key, given, valid_from=answer.valid_from, valid_to=answer.valid_to)
    if gate.kind == "procedure_consent" and referral_id:
        consent = procedures_of(referral_id, given).consent
        day = given.rules.calendar.day(getattr(gate, "needed_at", None) or given.at)
        if consent and consent.covers(day):
            return shown(
                gate, consent.evidence_ref, given, valid_from=consent.valid_from, valid_to=consent.valid_to
            )
    if gate.kind == "previous_outcome" and referral_id:
        before = procedures_of(referral_id, given).before(gate.procedure_id)
        is_there = gate.previous_id is None or gate.previous_id in before
        if before and is_there and all(each.outcome for each in before.values()):
            return shown(gate, list(before)[-1], given)
    return None


def is_of_use(answer: Approved, gate: GatePlaced | Live, given: Given[Rules]) -> bool:
    """On the day of the procedure; without one it may begin later."""
    day, needed_at = given.rules.calendar.day, gate.needed_at if isinstance(gate, Live) else None
    return answer.covers(day(needed_at)) if needed_at else not answer.is_over(day(given.at))


def open_gate(state: NoGate | Closed, command: OpenGate, given: Given[Rules]) -> Decision:
    """What is met already when it is needed is never open."""
    placed = placing(command.procedure_id, command.kind, command.family, given.rules, command.previous_id)
    met = shown(placed, command.procedure_id, given) if command.met else known(placed, given)
    return [placed, met or opened(placed, given)]


def look_again(state: Unmet, command: LookAgain, given: Given[Rules]) -> Decision:
    met = known(state, given)
    return [met] if met else ()


def still_holds(state: Satisfied, command: LookAgain, given: Given[Rules]) -> Decision:
    """What a person recorded of this procedure stands; consent to a series lasts until it is taken back, a payer's
    answer until it ends or is another one."""
    if state.kind == "procedure_consent":
        is_of_series = state.valid_from is not None and state.valid_to is not None
        return [opened(state, given)] if is_of_series and known(state, given) is None else ()
    if state.kind != "authorisation":
        return ()
    met = known(state, given)
    if met is None:
        return [opened(state, given)]
    same = (state.evidence_ref, state.valid_from, state.valid_to) == (
        met.evidence_ref,
        met.valid_from,
        met.valid_to,
    )
    return () if same else [met]


def follow(state: Unmet | Satisfied | Waived, command: FollowDate, given: Given[Rules]) -> Decision:
    """ANT-04, PRC-05: what was shown for one date is shown again for another."""
    day = given.rules.calendar.day(command.start) if command.start else None
    facts: list[Step] = []
    if command.moved and state.most is not None:
        facts.append(LimitNoted(plan_id=state.plan_id))
    if state.needed_at != command.start:
        facts.append(DateNoted(start=command.start))
        state = replace(state, needed_at=command.start)
    over = goes_with_date(state, day, given.rules) if command.moved else bool(day and not state.covers(day))
    if state.is_met and over:
        date = {"appointment_id": command.appointment_id} if command.start else {}
        return [*facts, opened(state, given, due_at=command.start, **date)]
    met = None if state.is_met else known(state, given)
    return [*facts, met] if met else facts


def close(state: Unmet | Satisfied | Waived, command: CloseGate, given: Given[Rules]) -> Decision:
    return [closed(state, given)]


OPENING = Table(
    *(open_gate, look_again, still_holds, follow, close),
    ignores(OpenGate, when=Unmet | Satisfied | Waived),
    ignores(LookAgain, when=(NoGate, Waived, Closed)),
    ignores(FollowDate, CloseGate, when=(NoGate, Closed)),
)
