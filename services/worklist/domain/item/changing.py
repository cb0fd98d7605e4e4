"""Urgency changes: by a fact, by time, by a triage decision. The item stays where it is."""

from datetime import datetime

from backbone.decision import Decision, Given, Ruled
from backbone.table import Table
from schemas.worklist.v1.item import ItemEscalated, ItemReprioritised
from services.worklist.domain.catalogue import NEVER_ESCALATE
from services.worklist.domain.facts import ItemRanked
from services.worklist.domain.item.commands import EscalateItem, RankItem, ReprioritiseItem
from services.worklist.domain.item.stamps import sourced, stamp
from services.worklist.domain.item.states import (
    Cancelled,
    Claimed,
    Completed,
    Item,
    Remembered,
    Unopened,
    Waiting,
)
from services.worklist.domain.rules import Rules
from services.worklist.domain.urgency import more_urgent, one_step_up

LAST_LEVEL = 2


def reprioritise(state: Waiting | Claimed, command: ReprioritiseItem, given: Given[Rules]) -> Decision:
    """The due time moves to where the fact says; the more urgent priority wins."""
    item = state.item
    if command.source.repeats(item.opened):
        return ()
    priority, due_at = more_urgent(item.priority, command.priority), command.due_at or item.due_at
    if (priority, due_at) == (item.priority, item.due_at):
        return ()
    return [ItemReprioritised(**stamp(item, 1), priority=priority, due_at=due_at, cause=command.cause)]


def rank(state: Waiting | Claimed, command: RankItem, given: Given[Rules]) -> Decision:
    """The latest category and target date count."""
    item = state.item
    if command.source.repeats(item.opened) or (item.ranked and command.source.repeats(item.ranked)):
        return ()
    category, target_date = command.category or item.category, command.target_date or item.target_date
    return [ItemRanked(**sourced(command.source), category=category, target_date=target_date)]


def escalate(state: Waiting | Claimed, command: EscalateItem, given: Given[Rules]) -> Decision:
    """Overdue: one step up at the due time, once more after half the allowed time."""
    item = state.item
    due = escalates_at(item, given.rules)
    if command.level != item.level + 1 or due is None or given.at < due:
        return ()
    escalated = ItemEscalated(
        **stamp(item, 1), level=command.level, priority=one_step_up(item.priority), cause="overdue"
    )
    return [Ruled(escalated, (given.rules.worklist.overdue.named,))]


def escalates_at(item: Item, rules: Rules) -> datetime | None:
    """When the next level is reached, if nothing is done."""
    if item.due_at is None or item.level >= LAST_LEVEL or item.item_type in NEVER_ESCALATE:
        return None
    if item.level == 0:
        return item.due_at
    return item.due_at + (item.due_at - item.waiting_since) * rules.again_after


def nothing_to_change(
    state: Unopened | Remembered | Completed | Cancelled,
    command: ReprioritiseItem | RankItem | EscalateItem,
    given: Given[Rules],
) -> Decision:
    return ()


CHANGING = Table(reprioritise, rank, escalate, nothing_to_change)
