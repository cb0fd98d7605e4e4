"""What a fact makes of an item. No conditions on the world: they were met when the fact was decided."""

from backbone.model import Head, Table
from schemas.worklist.v1.item import (
    ItemCancelled,
    ItemClaimed,
    ItemCompleted,
    ItemOpened,
    ItemReleased,
    ItemReopened,
    ItemReprioritised,
    ItemTransferred,
    TransitionUndone,
)
from services.worklist.item.facts import ClosingRemembered, FromFact, ItemRanked, OpeningNoted
from services.worklist.item.states import (
    Cancelled,
    Claimed,
    Closing,
    Completed,
    Item,
    Movement,
    Remembered,
    Source,
    Unopened,
    Waiting,
    with_item,
)


def opened(state: Unopened | Remembered, fact: ItemOpened, head: Head) -> Waiting:
    item = Item(
        id=head.aggregate_id,
        version=head.version,
        number=fact.number,
        item_type=fact.item_type,
        subject_type=fact.subject_type,
        subject_id=fact.subject_id,
        subject_version=fact.subject_version,
        patient_id=head.lane_key,
        referral_id=head.pathway_id,
        queue=fact.queue,
        entry_id=fact.entry_id,
        entered_at=head.occurred_at,
        priority=fact.priority,
        due_at=fact.due_at,
        ack_due_at=fact.ack_due_at,
        waiting_since=fact.waiting_since,
        opened=Source(fact.opened_by_event, fact.waiting_since, ""),
        closing=state.closing if isinstance(state, Remembered) else None,
    )
    return Waiting(item=item)


def reopened(state: Completed | Cancelled, fact: ItemReopened, head: Head) -> Waiting:
    ended = with_item(
        state,
        head.version,
        queue=fact.queue,
        entry_id=fact.entry_id,
        entered_at=head.occurred_at,
        due_at=fact.due_at,
        ack_due_at=None,
        level=0,
    )
    return Waiting(item=ended.item)


def noted(state: Waiting | Claimed, fact: OpeningNoted, head: Head) -> Waiting | Claimed:
    source, item = source_of(fact), state.item
    ranked_by = source if fact.category or fact.target_date else item.ranked
    return with_item(
        state,
        head.version,
        opened=source,
        waiting_since=fact.waiting_since,
        ack_due_at=fact.ack_due_at,
        category=fact.category or item.category,
        target_date=fact.target_date or item.target_date,
        ranked=ranked_by,
    )


def claimed(state: Waiting, fact: ItemClaimed, head: Head) -> Claimed:
    item = with_item(state, head.version).item
    return Claimed(item=item, by=fact.by_id, since=head.occurred_at, last=movement(state, head))


def released(state: Claimed, fact: ItemReleased, head: Head) -> Waiting:
    return Waiting(item=with_item(state, head.version).item, last=movement(state, head))


def transferred(state: Waiting | Claimed, fact: ItemTransferred, head: Head) -> Waiting:
    moved = with_item(
        state, head.version, queue=fact.queue, entry_id=fact.entry_id, entered_at=head.occurred_at
    )
    return Waiting(item=moved.item, last=movement(state, head))


def undone(state: Waiting | Claimed, fact: TransitionUndone, head: Head) -> Waiting | Claimed:
    last = state.last
    assert last is not None
    item = with_item(
        state, head.version, queue=last.queue, entry_id=last.entry_id, entered_at=last.entered_at
    ).item
    if last.claimant is None:
        return Waiting(item=item)
    return Claimed(item=item, by=last.claimant, since=head.occurred_at)


def reprioritised(state: Waiting | Claimed, fact: ItemReprioritised, head: Head) -> Waiting | Claimed:
    return with_item(state, head.version, priority=fact.priority, due_at=fact.due_at)


def ranked(state: Waiting | Claimed, fact: ItemRanked, head: Head) -> Waiting | Claimed:
    return with_item(
        state, head.version, category=fact.category, target_date=fact.target_date, ranked=source_of(fact)
    )


def completed(state: Waiting | Claimed, fact: ItemCompleted, head: Head) -> Completed:
    return Completed(item=with_item(state, head.version).item)


def cancelled(state: Waiting | Claimed, fact: ItemCancelled, head: Head) -> Cancelled:
    return Cancelled(item=with_item(state, head.version).item)


def remembered(state: Unopened | Remembered, fact: ClosingRemembered, head: Head) -> Remembered:
    return Remembered(number=fact.number, closing=closing_of(fact))


def remembered_beside(
    state: Waiting | Claimed | Completed | Cancelled, fact: ClosingRemembered, head: Head
) -> Waiting | Claimed | Completed | Cancelled:
    return with_item(state, head.version, closing=closing_of(fact))


def movement(state: Waiting | Claimed, head: Head) -> Movement:
    """How things stood before, for undo."""
    item = state.item
    return Movement(
        by=head.actor.id,
        at=head.occurred_at,
        queue=item.queue,
        entry_id=item.entry_id,
        entered_at=item.entered_at,
        claimant=state.by if isinstance(state, Claimed) else None,
    )


def source_of(fact: FromFact) -> Source:
    return Source(fact.by_event, fact.by_event_at, fact.by_aggregate, fact.by_sequence)


def closing_of(fact: ClosingRemembered) -> Closing:
    return Closing(source_of(fact), fact.by_id)


EVOLVING = Table(
    opened,
    reopened,
    noted,
    claimed,
    released,
    transferred,
    undone,
    reprioritised,
    ranked,
    completed,
    cancelled,
    remembered,
    remembered_beside,
)
