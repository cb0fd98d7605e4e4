"""Claim, release, transfer, undo: how work moves between people and queues. Facts are never undone."""

from datetime import timedelta

from backbone.model import Decision, Given, Refused, Ruled, Table
from schemas.worklist.v1.item import ItemClaimed, ItemReleased, ItemTransferred, TransitionUndone
from services.worklist.catalogue.decide.table import SAFETY
from services.worklist.domain.item.rights import holds_or_leads, may_undo, works_in
from services.worklist.item.commands import (
    ClaimItem,
    ReleaseIdle,
    ReleaseItem,
    TransferItem,
    UndoTransition,
)
from services.worklist.item.decide.stamps import stamp
from services.worklist.item.states import (
    Cancelled,
    Claimed,
    Completed,
    Item,
    Remembered,
    Unopened,
    Waiting,
)
from services.worklist.rules import Rules


def claim(state: Waiting, command: ClaimItem, given: Given[Rules]) -> Decision:
    """Somebody who works in the queue takes it."""
    item, person = state.item, given.actor.id
    if person is None or not works_in(item.queue, command.rights, given.rules):
        return Refused(f"you don't work in {item.queue}", code="not-permitted")
    return [ItemClaimed(**stamp(item, 1), entry_id=item.entry_id, by_id=person)]


def claim_claimed(state: Claimed, command: ClaimItem, given: Given[Rules]) -> Decision:
    """Of two claims one wins; the other is shown the winner."""
    if state.by == given.actor.id:
        return ()
    return Refused(
        f"claimed by {state.by} at {state.since.isoformat()}",
        instead=("TransferItem", "ReleaseItem"),
        code="claimed-by-another",
    )


def release(state: Claimed, command: ReleaseItem, given: Given[Rules]) -> Decision:
    """Back to its place in the queue: it keeps its waiting time."""
    item = state.item
    if not holds_or_leads(state.by, given.actor.id, item.queue, command.rights, given.rules):
        return Refused("only the claimant or a lead may release it", code="not-permitted")
    return [ItemReleased(**stamp(item, 1), entry_id=item.entry_id, reason=command.reason)]


def idle_for(item: Item, rules: Rules) -> timedelta:
    """How long a claim may rest untouched."""
    return rules.claim_idle_safety if item.item_type in SAFETY else rules.claim_idle


def release_idle(state: Claimed, command: ReleaseIdle, given: Given[Rules]) -> Decision:
    """Nobody works on it: others may."""
    item = state.item
    if given.at < state.since + idle_for(item, given.rules):
        return ()
    released = ItemReleased(**stamp(item, 1), entry_id=item.entry_id, reason="idle")
    return [Ruled(released, (given.rules.worklist.claim_idle.named,))]


def not_idle(
    state: Unopened | Remembered | Waiting | Completed | Cancelled, command: ReleaseIdle, given: Given[Rules]
) -> Decision:
    return ()


def transfer(state: Waiting | Claimed, command: TransferItem, given: Given[Rules]) -> Decision:
    """The entry ends; its successor waits in another queue, with the same waiting time and priority."""
    item, person, rules = state.item, given.actor.id, given.rules
    claimant = state.by if isinstance(state, Claimed) else None
    if person is None or not holds_or_leads(claimant, person, item.queue, command.rights, rules):
        return Refused(
            "only the claimant or a lead may transfer it", instead=("ClaimItem",), code="not-permitted"
        )
    if command.queue == item.queue:
        return Refused(f"it is in {item.queue} already")
    if not rules.accepts(command.queue, item.item_type):
        return Refused(f"{command.queue} does not take {item.item_type}", code="queue-does-not-take-it")
    moved = ItemTransferred(
        **stamp(item, 1, command.queue),
        from_queue=item.queue,
        from_entry_id=item.entry_id,
        entry_id=given.ref("entry"),
        reason=command.reason,
        by_id=person,
    )
    return [moved]


def undo(state: Waiting | Claimed, command: UndoTransition, given: Given[Rules]) -> Decision:
    """Takes back the latest movement only, not what facts and timers did in between."""
    item, last, person = state.item, state.last, given.actor.id
    if last is None:
        return Refused("there is nothing to undo", code="nothing-to-undo")
    if person is None or not may_undo(last, person, item.queue, command.rights, given.rules):
        return Refused("only who did it or a lead may undo it", code="not-permitted")
    if given.at > last.at + given.rules.undo_window:
        return Refused("it is too late to undo it", code="undo-window-passed")
    undone = TransitionUndone(
        **stamp(item, 1, last.queue),
        undone_entry_id=item.entry_id,
        restored_state="claimed" if last.claimant else "waiting",
        by_id=person,
    )
    return [undone]


MOVING = Table(claim, claim_claimed, release, release_idle, not_idle, transfer, undo)
