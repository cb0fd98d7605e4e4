"""What each fact of an escalation makes of it."""

from msgspec.structs import replace

from backbone.model import Head, Table, like, updated
from schemas.notifications.v1.escalation import (
    EscalationAcknowledged,
    EscalationRaised,
    EscalationResolved,
    EscalationTimedOut,
)
from services.notifications.escalation.facts import (
    AssessmentNoted,
    ClaimRemembered,
    FromOrigin,
    ItemNoted,
    LadderBegun,
    PersonPaged,
    RaiseOvertaken,
    ResolutionRemembered,
    RoundCalled,
    RoundPlanned,
)
from services.notifications.escalation.states import (
    Acknowledged,
    Claim,
    Escalation,
    Ladder,
    Origin,
    Quiet,
    Raised,
    Resolved,
    item_of,
    ladder_of,
)


def origin_of(fact: FromOrigin) -> Origin:
    return Origin(fact.origin_type, fact.origin_id, fact.origin_sequence, fact.origin_at)


def raised(state: Escalation, fact: EscalationRaised, head: Head) -> Raised:
    """Where it waits and since when, follows in the same decision."""
    earlier = ladder_of(state)
    ladder = like(
        Ladder,
        fact,
        queue="medical",
        raised_by=Origin("", "", 0, head.occurred_at),
        code="",
        episode=earlier.episode + 1 if earlier else 1,
        rounds=earlier.rounds if earlier else 0,
        item_id=item_of(state),
        referral_id=head.pathway_id,
        patient_id=head.lane_key,
    )
    return Raised(ladder=ladder, level=fact.level, ack_due_at=fact.ack_due_at)


def begun(state: Raised, fact: LadderBegun, head: Head) -> Raised:
    return replace(state, ladder=updated(state.ladder, fact, raised_by=origin_of(fact)))


def planned(state: Raised, fact: RoundPlanned, head: Head) -> Raised:
    return replace(state, call_at=fact.call_at)


def round_called(state: Raised, fact: RoundCalled, head: Head) -> Raised:
    ladder = replace(state.ladder, rounds=state.ladder.rounds + 1, called=(*fact.earlier, *fact.called))
    return replace(state, ladder=ladder, call_at=None)


def paged(state: Raised, fact: PersonPaged, head: Head) -> Raised:
    return state


def acknowledged(state: Raised, fact: EscalationAcknowledged, head: Head) -> Acknowledged:
    return like(Acknowledged, fact, ladder=state.ladder, by=fact.by_id)


def assessed(state: Acknowledged, fact: AssessmentNoted, head: Head) -> Acknowledged:
    return replace(state, assessed=True)


def timed_out(state: Raised | Acknowledged, fact: EscalationTimedOut, head: Head) -> Raised:
    assert fact.ack_due_at is not None, "every level has a deadline"
    return Raised(ladder=state.ladder, level=fact.next_level or fact.level, ack_due_at=fact.ack_due_at)


def resolved(state: Raised | Acknowledged, fact: EscalationResolved, head: Head) -> Resolved:
    """By which fact, follows in the same decision."""
    return Resolved(resolved_by=state.ladder.raised_by, ladder=state.ladder)


def resolved_by(state: Resolved, fact: ResolutionRemembered, head: Head) -> Resolved:
    return replace(state, resolved_by=origin_of(fact))


def resolved_early(state: Quiet, fact: ResolutionRemembered, head: Head) -> Quiet:
    return replace(state, resolved_by=origin_of(fact))


def overtaken(state: Quiet, fact: RaiseOvertaken, head: Head) -> Resolved:
    assert state.resolved_by is not None, "that is why nobody is called"
    return Resolved(resolved_by=state.resolved_by, item_id=state.item_id)


def item_noted(state: Escalation, fact: ItemNoted, head: Head) -> Escalation:
    if isinstance(state, Quiet) or state.ladder is None:
        return updated(state, fact)
    return replace(state, ladder=updated(state.ladder, fact))


def claim_remembered(state: Quiet, fact: ClaimRemembered, head: Head) -> Quiet:
    return replace(state, claim=Claim(fact.by_id, fact.at))


EVOLVE = Table(
    *(raised, begun, planned, round_called, paged, acknowledged, assessed, timed_out),
    *(resolved, resolved_by, resolved_early, overtaken, item_noted, claim_remembered),
)
