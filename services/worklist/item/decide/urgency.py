"""How urgent an item is: what a fact or a triage decision makes of its priority, due time and rank."""

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from backbone.model import Decision, Given, Table, ignores
from schemas.codes import Priority
from schemas.worklist.v1.item import ItemReprioritised
from services.worklist.item.commands import RankItem, ReprioritiseItem
from services.worklist.item.decide.stamps import caused_by, fact_of
from services.worklist.item.facts import ItemRanked, UrgencyFollowed
from services.worklist.item.states import Cancelled, Completed, Item, Open, Remembered, Unopened
from services.worklist.rules import Rules

PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""Most urgent first."""

RANK: Mapping[str, int] = {priority: rank for rank, priority in enumerate(PRIORITIES)}


BY_LADDER = "escalation_timed_out"
"""Why it stands higher: nobody of those who were called has answered."""


def more_urgent_by_one(priority: Priority) -> Priority:
    return PRIORITIES[max(RANK[priority] - 1, 0)]


def more_urgent(one: Priority, other: Priority | None) -> Priority:
    return one if other is None or RANK[one] <= RANK[other] else other


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The due time that comes first, if there is one."""
    known = [due for due in (one, other) if due is not None]
    return min(known, default=None)


def reprioritise(state: Open, command: ReprioritiseItem, given: Given[Rules]) -> Decision:
    """The due time moves to where the fact says; the more urgent priority wins, unless the fact decides it. Told again,
    or late, it moves nothing back."""
    item, source = state.item, command.source
    if any(source.repeats(known) for known in (item.opened, *item.moved)):
        return ()
    decided = decided_priority(item, command) if command.decides else None
    priority = decided or more_urgent(item.priority, command.priority)
    due_at = command.due_at if command.waits else command.due_at or item.due_at
    followed = UrgencyFollowed(**caused_by(source))
    if (priority, due_at) == (item.priority, item.due_at):
        return [followed] if any(source.of_one_aggregate(known) for known in item.moved) else ()
    return [fact_of(item, ItemReprioritised, priority=priority, due_at=due_at, cause=command.cause), followed]


def decided_priority(item: Item, command: ReprioritiseItem) -> Priority | None:
    """As decided; every level that it was escalated still counts for one step."""
    if command.priority is None:
        return None
    return PRIORITIES[max(RANK[command.priority] - item.level, 0)]


def rank(state: Open, command: RankItem, given: Given[Rules]) -> Decision:
    """The latest category and target date count; a decision older than the item was known when it opened."""
    item, source = state.item, command.source
    if source.repeats(item.opened) or (item.ranked and source.repeats(item.ranked)):
        return ()
    category, target_date = command.category or item.category, command.target_date or item.target_date
    if source.at < item.opened.at or (category, target_date) == (item.category, item.target_date):
        return ()
    return [ItemRanked(**caused_by(command.source), category=category, target_date=target_date)]


URGENCY = Table(
    reprioritise,
    rank,
    ignores(ReprioritiseItem, RankItem, when=(Unopened, Remembered, Completed, Cancelled)),
)
