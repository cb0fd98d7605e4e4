"""Urgency changes by a fact, or by a triage decision. The item stays where it is."""

from backbone.model import Decision, Given, Table
from schemas.worklist.v1.item import ItemReprioritised
from services.worklist.domain.urgency import more_urgent
from services.worklist.item.commands import RankItem, ReprioritiseItem
from services.worklist.item.decide.stamps import sourced, stamp
from services.worklist.item.facts import ItemRanked
from services.worklist.item.states import (
    Cancelled,
    Claimed,
    Completed,
    Remembered,
    Unopened,
    Waiting,
)
from services.worklist.rules import Rules


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
    """The latest category and target date count; a decision older than the item was known when it opened."""
    item = state.item
    if command.source.repeats(item.opened) or (item.ranked and command.source.repeats(item.ranked)):
        return ()
    category, target_date = command.category or item.category, command.target_date or item.target_date
    if command.source.at < item.opened.at or (category, target_date) == (item.category, item.target_date):
        return ()
    return [ItemRanked(**sourced(command.source), category=category, target_date=target_date)]


def nothing_to_change(
    state: Unopened | Remembered | Completed | Cancelled,
    command: ReprioritiseItem | RankItem,
    given: Given[Rules],
) -> Decision:
    return ()


CHANGING = Table(reprioritise, rank, nothing_to_change)
