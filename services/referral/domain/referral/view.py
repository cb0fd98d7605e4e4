"""What is shown of a referral, and what may be done with it: pure readings of its state. No names, no
narrative."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from backbone.model import Actor, Given, Group, Refused, group_of, permits, tag_of
from backbone.model.table import Transition
from services.referral.domain.referral.aggregate import REFERRAL
from services.referral.domain.referral.commands import Accept
from services.referral.domain.referral.flags import unclear_flag_id
from services.referral.domain.referral.states import AwaitingInformation, Completed, Course, Known, Rejected
from services.referral.domain.rules import Rules

Document = dict[str, Any]


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """`allowed`: to the one who asks, as things stand; otherwise `reason`. `roles` and `kinds` may at all."""

    action: str
    allowed: bool
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    reason: str | None = None


def document(referral_id: str, state: Known, actor: Actor) -> Document:
    """As much as the caller may see."""
    return shown(referral_id, state) if actor.kind == "user" else outline(referral_id, state)


def shown(referral_id: str, state: Known) -> Document:
    """What staff see."""
    course = state.course
    return {
        **outline(referral_id, state),
        "patient_id": course.patient_id,
        "source_system": course.source_system,
        "referrer_type": course.referrer_type,
        "package_version": course.package_version,
        "complete": course.complete,
        "went_on_without": course.went_on_without,
        "red_flags": [msgspec.to_builtins(flag) for flag in course.flags],
        "unclear_flags": [
            {"flag_id": unclear_flag_id(referral_id, flag), "flag": flag} for flag in course.unclear
        ],
        "suggestion": msgspec.to_builtins(course.suggestion),
        "urgency": msgspec.to_builtins(course.urgency),
        "first_visit": {
            "appointment_id": course.visit.appointment_id,
            "attended_at": msgspec.to_builtins(course.visit.attended_at),
            "outcome": course.visit.outcome,
        },
    }


def outline(referral_id: str, state: Known) -> Document:
    """What the referrer and the patient see: status, dates, what is asked for, what was decided (PRV-15)."""
    course = state.course
    return {
        "id": referral_id,
        "status": tag_of(type(state)),
        "referrer_org_id": course.referrer_org_id,
        "clock_start": course.clock_start.isoformat().replace("+00:00", "Z"),
        "target_date": course.urgency.target_date.isoformat() if course.urgency else None,
        "missing": list(course.missing),
        "information_request": requested(state),
        "decision": decision(state),
    }


def requested(state: Known) -> Document | None:
    if not isinstance(state, AwaitingInformation):
        return None
    return {
        "asked": list(state.asked),
        "reminder_on": state.reminder_on.isoformat(),
        "decide_on": state.decide_on.isoformat(),
        "overdue": state.overdue,
    }


def decision(state: Known) -> Document | None:
    if isinstance(state, Completed):
        return {"disposition": "completed", "outcome": state.outcome, "decided_by": state.course.accepted_by}
    if isinstance(state, Rejected):
        return {"disposition": state.disposition, "code": state.code, "decided_by": state.decided_by}
    if state.course.accepted_by:
        return {"disposition": "accepted", "decided_by": state.course.accepted_by}
    return None


def is_visible(course: Course, actor: Actor) -> bool:
    """Staff see every referral, a referrer those of their organisation, a patient their own."""
    match actor.kind:
        case "user":
            return True
        case "referrer":
            return actor.id == course.referrer_org_id
        case "patient":
            return actor.id == course.patient_id
        case _:
            return False


def actions(referral_id: str, state: Any, actor: Actor, at: datetime, rules: Rules) -> list[Action]:
    """The rows of the table for this state, with the group that each decider answers."""
    given = Given(command_id=referral_id, target=referral_id, at=at, actor=actor, rules=rules)
    return [offered(tag_of(command), decide, group, state, given) for command, decide, group in offers(state)]


def offers(state: Any) -> Iterable[tuple[type, Transition, Group]]:
    for (of, command), decide in REFERRAL.decide.rows.items():
        group = group_of(decide)
        if of is type(state) and group is not None:
            yield command, decide, group


def offered(name: str, decide: Transition, group: Group, state: Any, given: Given[Rules]) -> Action:
    permitted = permits(group, given.actor, given.rules)
    refusal = decide(state, Accept(), given) if permitted and name == tag_of(Accept) else None
    reason = refusal.reason if isinstance(refusal, Refused) else None
    return Action(
        name, permitted and reason is None, tuple(sorted(group.roles)), tuple(sorted(group.kinds)), reason
    )
