"""What nobody does in time, or nobody answers for: it is seen at a higher level, and stands higher in its queue."""

from datetime import datetime, timedelta

from backbone.model import Decision, Given, Group, Ruled, Table, by, ignores
from schemas.fact import Fact
from schemas.worklist.v1.item import ItemEscalated, ItemReprioritised
from services.worklist.item.commands import (
    EscalateByLadder,
    EscalateByLead,
    EscalateOverdue,
    FollowLadder,
    ReprioritiseByLead,
)
from services.worklist.item.decide.stamps import caused_by, fact_of
from services.worklist.item.decide.urgency import BY_LADDER, more_urgent_by_one
from services.worklist.item.facts import LadderFollowed, OverdueNoted
from services.worklist.item.states import (
    Item,
    Open,
    Over,
    Remembered,
    Source,
    Unopened,
)
from services.worklist.roles import leads_or_is
from services.worklist.rules import Rules

STEPS = 2
"""When it is overdue, and when it is overdue by a good part of its time."""


def leads(state: Open, rules: Rules) -> Group:
    return leads_or_is((), "a lead", state.item.queue, rules)


def escalates_at(item: Item, rules: Rules) -> datetime | None:
    """When it is escalated next for being overdue; None where it never is, or often enough was."""
    settings = rules.worklist.overdue.values
    if item.due_at is None or item.steps >= STEPS or item.item_type in settings.never:
        return None
    allowed = max(item.due_at - item.waiting_since, timedelta(0))
    return item.due_at + item.steps * allowed * settings.again_after_percent / 100


def escalated(item: Item, cause: str, after: int = 1) -> Fact:
    """One level up, and one step in priority."""
    priority = more_urgent_by_one(item.priority)
    return fact_of(item, ItemEscalated, after=after, level=item.level + 1, priority=priority, cause=cause)


def escalate_overdue(state: Open, command: EscalateOverdue, given: Given[Rules]) -> Decision:
    """A claim does not stop it: claimed is not done."""
    item = state.item
    at = escalates_at(item, given.rules)
    if at is None or given.at < at:
        return ()
    fact = Ruled(escalated(item, "overdue"), (given.rules.worklist.overdue,))
    return [fact, OverdueNoted(steps=item.steps + 1)]


def escalate_by_ladder(state: Open, command: EscalateByLadder, given: Given[Rules]) -> Decision:
    if is_known(state.item, command.source):
        return ()
    return [escalated(state.item, BY_LADDER), followed(command)]


def is_known(item: Item, source: Source) -> bool:
    """It was heard before; or it is about an earlier occurrence of the same work."""
    return source.at < item.waiting_since or (item.ladder is not None and source.repeats(item.ladder))


def followed(command: EscalateByLadder | FollowLadder) -> Fact:
    return LadderFollowed(**caused_by(command.source), ack_due_at=command.ack_due_at)


@by(leads)
def escalate_by_lead(state: Open, command: EscalateByLead, given: Given[Rules]) -> Decision:
    return [escalated(state.item, "lead")]


def follow_ladder(state: Open, command: FollowLadder, given: Given[Rules]) -> Decision:
    return () if is_known(state.item, command.source) else [followed(command)]


def remember_ladder(state: Over, command: FollowLadder | EscalateByLadder, given: Given[Rules]) -> Decision:
    """Nobody waits for it any more; told again when it is open again, it still changes nothing."""
    known = is_known(state.item, command.source)
    return () if known else [LadderFollowed(**caused_by(command.source), ack_due_at=None)]


@by(leads)
def reprioritise_by_lead(state: Open, command: ReprioritiseByLead, given: Given[Rules]) -> Decision:
    """Higher or lower."""
    item = state.item
    if command.priority == item.priority:
        return ()
    return [fact_of(item, ItemReprioritised, priority=command.priority, due_at=item.due_at, cause="lead")]


ESCALATION = Table(
    *(
        escalate_overdue,
        escalate_by_ladder,
        escalate_by_lead,
        follow_ladder,
        remember_ladder,
        reprioritise_by_lead,
    ),
    ignores(EscalateOverdue, when=Unopened | Remembered | Over),
    ignores(EscalateByLadder, FollowLadder, when=Unopened | Remembered),
)
