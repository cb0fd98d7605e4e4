"""Claim, release, hold, transfer, undo: how work moves between people and queues. Facts are never undone."""

from datetime import datetime, timedelta

from backbone.model import Decision, Given, Group, Refused, Ruled, Table, by, decider, ignores
from schemas.codes import ItemType, Queue
from schemas.worklist.v1.item import (
    ItemClaimed,
    ItemHeld,
    ItemReleased,
    ItemResumed,
    ItemTransferred,
    TransitionUndone,
)
from services.worklist.catalogue.decide.table import SAFETY, SHARED
from services.worklist.item.commands import (
    ClaimItem,
    HoldItem,
    KeepItem,
    ReleaseIdle,
    ReleaseItem,
    ResumeItem,
    ResumeOnTime,
    TransferItem,
    UndoTransition,
)
from services.worklist.item.decide.stamps import fact_of
from services.worklist.item.facts import ClaimKept
from services.worklist.item.states import (
    Cancelled,
    Claimed,
    Completed,
    Item,
    OnHold,
    Open,
    Remembered,
    Unopened,
    Waiting,
)
from services.worklist.roles import leads_or_is, works_in, works_or_is_called
from services.worklist.rules import Rules


def works_there(state: Open, rules: Rules) -> Group:
    return works_in(state.item.queue, rules)


def may_claim(state: Open, rules: Rules) -> Group:
    """A warning also whoever may be called about it, at whatever hour."""
    if state.item.item_type in SAFETY:
        return works_or_is_called(state.item.queue, rules)
    return works_in(state.item.queue, rules)


def holds_or_leads(state: Open, rules: Rules) -> Group:
    holder = [state.by] if isinstance(state, Claimed) else []
    return leads_or_is(holder, "the claimant", state.item.queue, rules)


def holds(state: Claimed, rules: Rules) -> Group:
    return Group("the claimant", persons=frozenset({state.by}))


def moved_or_leads(state: Open, rules: Rules) -> Group:
    """Where nothing was moved, whoever works there may be told so."""
    if state.last is None:
        return works_in(state.item.queue, rules)
    return leads_or_is([state.last.by], "who did it", state.item.queue, rules)


@by(may_claim)
def claim(state: Waiting, command: ClaimItem, given: Given[Rules]) -> Decision:
    """Somebody who works in the queue takes it."""
    return [fact_of(state.item, ItemClaimed, by_id=decider(given))]


@by(may_claim)
def claim_claimed(state: Claimed, command: ClaimItem, given: Given[Rules]) -> Decision:
    """Of two claims one wins; the other is shown the winner."""
    if state.by == given.actor.id:
        return ()
    return Refused(
        f"claimed by {state.by} at {state.since.isoformat()}",
        instead=("TransferItem", "ReleaseItem"),
        code="claimed-by-another",
    )


@by(holds_or_leads)
def release(state: Claimed, command: ReleaseItem, given: Given[Rules]) -> Decision:
    """Back to its place in the queue: it keeps its waiting time."""
    return [fact_of(state.item, ItemReleased, reason=command.reason)]


@by(holds)
def keep(state: Claimed, command: KeepItem, given: Given[Rules]) -> Decision:
    """They still work on it: until it goes back, time counts from now."""
    return [ClaimKept()]


def goes_back_at(state: Claimed, rules: Rules) -> datetime:
    """When a claim has rested untouched for so long that it goes back to the queue."""
    return (state.kept_at or state.since) + idle_for(state.item.item_type, rules)


def idle_for(item_type: ItemType, rules: Rules) -> timedelta:
    return rules.claim_idle_safety if item_type in SAFETY else rules.claim_idle


def release_idle(state: Claimed, command: ReleaseIdle, given: Given[Rules]) -> Decision:
    """Nobody works on it: others may."""
    if given.at < goes_back_at(state, given.rules):
        return ()
    return [Ruled(fact_of(state.item, ItemReleased, reason="idle"), (given.rules.worklist.claim_idle,))]


@by(holds_or_leads)
def hold(state: Waiting | Claimed, command: HoldItem, given: Given[Rules]) -> Decision:
    """Until a day that is still to come. What is about safety can't wait."""
    item, calendar = state.item, given.rules.calendar
    if item.item_type in SAFETY:
        return Refused("what is about safety is not put on hold", code="safety-item")
    if command.resume_on <= calendar.day(given.at):
        return Refused("it is held until a day that is still to come", code="date-passed")
    return [fact_of(item, ItemHeld, reason=command.reason, resume_on=command.resume_on)]


@by(works_there)
def resume(state: OnHold, command: ResumeItem, given: Given[Rules]) -> Decision:
    return [fact_of(state.item, ItemResumed)]


def resume_on_time(state: OnHold, command: ResumeOnTime, given: Given[Rules]) -> Decision:
    due = given.at >= given.rules.calendar.daily(state.resume_on)
    return [fact_of(state.item, ItemResumed)] if due else ()


@by(holds_or_leads, instead=("ClaimItem",))
def transfer(state: Waiting | Claimed, command: TransferItem, given: Given[Rules]) -> Decision:
    """The entry ends; its successor waits in another queue, with the same waiting time and priority."""
    item = state.item
    if command.queue == item.queue:
        return Refused(f"it is in {item.queue} already")
    if command.queue not in takers(item, given.rules):
        return Refused(f"{command.queue} does not take {item.item_type}", code="queue-does-not-take-it")
    moved = fact_of(
        item,
        ItemTransferred,
        queue=command.queue,
        from_queue=item.queue,
        from_entry_id=item.entry_id,
        entry_id=given.ref("entry"),
        reason=command.reason,
        by_id=decider(given),
    )
    return [moved]


def takers(item: Item, rules: Rules) -> list[Queue]:
    """The other queues that take an item of this type; none where each has its own."""
    if item.item_type in SHARED:
        return []
    return [
        name for name, queue in rules.queues.items() if name != item.queue and item.item_type in queue.accepts
    ]


@by(moved_or_leads)
def undo(state: Open, command: UndoTransition, given: Given[Rules]) -> Decision:
    """Takes back the latest movement only, not what facts and timers did in between."""
    item, last = state.item, state.last
    if last is None:
        return Refused("there is nothing to undo", code="nothing-to-undo")
    if given.at > last.at + given.rules.undo_window:
        return Refused("it is too late to undo it", code="undo-window-passed")
    undone = fact_of(
        item,
        TransitionUndone,
        queue=last.queue,
        undone_entry_id=item.entry_id,
        restored_state="claimed" if last.claimant else "waiting",
        by_id=decider(given),
    )
    return [undone]


MOVEMENTS = Table(
    *(claim, claim_claimed, keep, release, release_idle, hold, resume, resume_on_time, transfer, undo),
    ignores(ReleaseIdle, when=(Unopened, Remembered, Waiting, OnHold, Completed, Cancelled)),
    ignores(ResumeOnTime, when=(Unopened, Remembered, Waiting, Claimed, Completed, Cancelled)),
)
