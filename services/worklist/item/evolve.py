"""What a fact makes of an item. No conditions on the world: they were met when the fact was decided."""

from msgspec.structs import replace

from backbone.model import Head, Table, Unverified, like
from schemas.worklist.v1.item import (
    ItemCancelled,
    ItemClaimed,
    ItemCompleted,
    ItemEscalated,
    ItemHeld,
    ItemOpened,
    ItemReleased,
    ItemReopened,
    ItemReprioritised,
    ItemResumed,
    ItemTransferred,
    TransitionUndone,
)
from services.worklist.item.facts import (
    ClaimKept,
    ClosingRemembered,
    FromFact,
    ItemRanked,
    LadderFollowed,
    OpeningNoted,
    OverdueNoted,
    ReferralLeft,
    ShownUnder,
    UrgencyFollowed,
)
from services.worklist.item.states import (
    Cancelled,
    Claimed,
    Closing,
    Completed,
    Item,
    Movement,
    OnHold,
    Open,
    Opened,
    Over,
    Remembered,
    Source,
    Unopened,
    Waiting,
    with_item,
)


def opened(state: Unopened | Remembered, fact: ItemOpened, head: Head) -> Waiting:
    item = like(
        Item,
        fact,
        id=head.aggregate_id,
        version=head.version,
        patient_id=head.lane_key,
        referral_id=head.pathway_id,
        entered_at=head.occurred_at,
        opened=Source(fact.opened_by_event, fact.waiting_since, ""),
        closing=state.closing if isinstance(state, Remembered) else None,
    )
    return Waiting(item=item)


def reopened(state: Over, fact: ItemReopened, head: Head) -> Waiting:
    entered = with_item(state, fact, head, entered_at=head.occurred_at, ack_due_at=None, level=0, steps=0)
    return Waiting(item=entered.item)


def noted(state: Open, fact: OpeningNoted, head: Head) -> Open:
    source, item = source_of(fact), state.item
    ranked_by = source if fact.category or fact.target_date else item.ranked
    wanted_by = (fact.wanted_by,) if fact.wanted_by else ()
    return with_item(
        state,
        fact,
        head,
        opened=source,
        category=fact.category or item.category,
        target_date=fact.target_date or item.target_date,
        ranked=ranked_by,
        lives=item.lives or fact.lives is True,
        also_for=tuple(dict.fromkeys((*item.also_for, *wanted_by))),
        unverified=tuple(Unverified(each.rule, each.part) for each in fact.unverified or ()),
    )


def referral_left(state: Open, fact: ReferralLeft, head: Head) -> Open:
    others = tuple(each for each in state.item.also_for if each != fact.referral_id)
    return with_item(state, fact, head, also_for=others, left=source_of(fact))


def claimed(state: Waiting, fact: ItemClaimed, head: Head) -> Claimed:
    item = with_item(state, fact, head).item
    return Claimed(item=item, by=fact.by_id, since=head.occurred_at, last=movement(state, head))


def kept(state: Claimed, fact: ClaimKept, head: Head) -> Claimed:
    return replace(with_item(state, fact, head), kept_at=head.occurred_at)


def released(state: Claimed, fact: ItemReleased, head: Head) -> Waiting:
    return Waiting(item=with_item(state, fact, head).item, last=movement(state, head))


def held(state: Waiting | Claimed, fact: ItemHeld, head: Head) -> OnHold:
    assert fact.reason and fact.resume_on, "every hold has both"
    item = with_item(state, fact, head).item
    return OnHold(item=item, reason=fact.reason, resume_on=fact.resume_on, last=movement(state, head))


def resumed(state: OnHold, fact: ItemResumed, head: Head) -> Waiting:
    return Waiting(item=with_item(state, fact, head).item)


def transferred(state: Open, fact: ItemTransferred, head: Head) -> Waiting:
    moved = with_item(state, fact, head, entered_at=head.occurred_at)
    return Waiting(item=moved.item, last=movement(state, head))


def undone(state: Open, fact: TransitionUndone, head: Head) -> Waiting | Claimed:
    last = state.last
    assert last is not None
    item = with_item(state, last, head).item
    if last.claimant is None:
        return Waiting(item=item)
    return Claimed(item=item, by=last.claimant, since=head.occurred_at)


def reprioritised(state: Open, fact: ItemReprioritised, head: Head) -> Open:
    """Another due time is not the one that passed."""
    steps = state.item.steps if fact.due_at == state.item.due_at else 0
    return with_item(state, fact, head, steps=steps)


def escalated(state: Open, fact: ItemEscalated | OverdueNoted, head: Head) -> Open:
    return with_item(state, fact, head)


def ladder_followed(state: Opened, fact: LadderFollowed, head: Head) -> Opened:
    return with_item(state, fact, head, ladder=source_of(fact))


def urgency_followed(state: Open, fact: UrgencyFollowed, head: Head) -> Open:
    source = source_of(fact)
    others = (each for each in state.item.moved if not source.of_one_aggregate(each))
    return with_item(state, fact, head, moved=(*others, source))


def ranked(state: Open, fact: ItemRanked, head: Head) -> Open:
    return with_item(state, fact, head, ranked=source_of(fact))


def completed(state: Open, fact: ItemCompleted, head: Head) -> Completed:
    return Completed(item=with_item(state, fact, head).item)


def cancelled(state: Open, fact: ItemCancelled, head: Head) -> Cancelled:
    return Cancelled(item=with_item(state, fact, head).item)


def shown_under(state: Opened, fact: ShownUnder, head: Head) -> Opened:
    return with_item(state, fact, head)


def remembered(state: Unopened | Remembered, fact: ClosingRemembered, head: Head) -> Remembered:
    return Remembered(number=fact.number, closing=closing_of(fact))


def remembered_beside(state: Opened, fact: ClosingRemembered, head: Head) -> Opened:
    return with_item(state, fact, head, closing=closing_of(fact))


def movement(state: Open, head: Head) -> Movement:
    """How things stood before, for undo."""
    claimant = state.by if isinstance(state, Claimed) else None
    return like(Movement, state.item, by=head.actor.id, at=head.occurred_at, claimant=claimant)


def source_of(fact: FromFact) -> Source:
    return Source(
        fact.by_event, fact.by_event_at, fact.by_aggregate, fact.by_sequence, fact.by_aggregate_type or ""
    )


def closing_of(fact: ClosingRemembered) -> Closing:
    return Closing(source_of(fact), fact.by_id)


EVOLVING = Table(
    *(opened, reopened, noted, referral_left, claimed, kept, released, held, resumed, transferred, undone),
    *(reprioritised, urgency_followed, escalated, ladder_followed, ranked),
    *(completed, cancelled, remembered, remembered_beside, shown_under),
)
