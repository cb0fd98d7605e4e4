"""What each fact makes of a gate."""

from msgspec.structs import replace

from backbone.model import Head, Table, like, updated
from schemas.scheduling.v1.gate import GateClosed, GateFailed, GateOpened, GateSatisfied, GateWaived
from services.scheduling.gate.facts import (
    DateNoted,
    GatePlaced,
    LimitNoted,
    OutcomeAwaited,
    OverrideAwaited,
    OverrideGranted,
    PlanFollowed,
)
from services.scheduling.gate.states import Closed, Failed, NoGate, Open, Satisfied, Unmet, Waived


def placed(state: NoGate | Closed, fact: GatePlaced, head: Head) -> Open:
    return like(Open, fact, referral_id=head.pathway_id)


def opened(state: Unmet | Satisfied | Waived, fact: GateOpened, head: Head) -> Open:
    return like(Open, state)


def satisfied(state: Unmet | Satisfied | Waived, fact: GateSatisfied, head: Head) -> Satisfied:
    validity = {"valid_from": fact.valid_from, "valid_to": fact.valid_to}
    return like(Satisfied, state, evidence_ref=fact.evidence_ref, **validity)


def failed(state: Unmet | Satisfied | Waived, fact: GateFailed, head: Head) -> Failed:
    return like(Failed, state)


def waived(state: Unmet, fact: GateWaived, head: Head) -> Waived:
    return like(Waived, state)


def closed(state: Unmet | Satisfied | Waived, fact: GateClosed, head: Head) -> Closed:
    return like(Closed, state)


def plan_followed(
    state: Unmet | Satisfied | Waived, fact: PlanFollowed, head: Head
) -> Unmet | Satisfied | Waived:
    before = state.asked_by if state.plan_id == fact.plan_id else 0
    return replace(state, plan_id=fact.plan_id, asked_by=fact.asked_by or before)


def date_noted(state: Unmet | Satisfied | Waived, fact: DateNoted, head: Head) -> Unmet | Satisfied | Waived:
    return replace(state, needed_at=fact.start)


def limit_noted(
    state: Unmet | Satisfied | Waived, fact: LimitNoted, head: Head
) -> Unmet | Satisfied | Waived:
    return updated(state, fact)


def outcome_awaited(
    state: Unmet | Satisfied | Waived, fact: OutcomeAwaited, head: Head
) -> Unmet | Satisfied | Waived:
    return replace(state, previous_id=fact.previous_id)


def override_awaited(
    state: Unmet | Satisfied | Waived, fact: OverrideAwaited, head: Head
) -> Unmet | Satisfied | Waived:
    granted = tuple(each for each in state.granted if each != fact.override_id)
    return replace(state, overrides=(*state.overrides, fact.override_id), granted=granted)


def override_granted(state: Unmet, fact: OverrideGranted, head: Head) -> Unmet:
    left = tuple(each for each in state.overrides if each != fact.override_id)
    return replace(state, overrides=left, granted=(*state.granted, fact.override_id))


EVOLVE = Table(
    *(placed, opened, satisfied, failed, waived, closed),
    *(plan_followed, date_noted, limit_noted, outcome_awaited, override_awaited, override_granted),
)
