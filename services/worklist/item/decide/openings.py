"""Opening facts: an item is born, becomes more urgent, or opens again (WL-01)."""

from datetime import datetime

from msgspec.structs import replace

from backbone.model import Decision, Given, Ruled, Table, has_died, like, survivor_of
from schemas.fact import Fact
from schemas.queue import UnverifiedRule
from schemas.worklist.v1.item import (
    ItemCompleted,
    ItemEscalated,
    ItemOpened,
    ItemReopened,
    ItemReprioritised,
)
from services.worklist.catalogue.decide.table import OF_THE_LIVING, WHILE_IT_GOES
from services.worklist.episode.states import Ended
from services.worklist.item.commands import OpenItem
from services.worklist.item.decide.endings import completion
from services.worklist.item.decide.stamps import caused_by, fact_of
from services.worklist.item.decide.urgency import BY_LADDER, earlier, more_urgent, more_urgent_by_one
from services.worklist.item.facts import LadderFollowed, OpeningNoted, ShownUnder
from services.worklist.item.states import Claimed, Closing, Item, Open, Over, Remembered, Unopened
from services.worklist.ladder.states import Heard
from services.worklist.rules import Rules


def open_item(state: Unopened | Remembered, command: OpenItem, given: Given[Rules]) -> Decision:
    """The first opening fact."""
    if is_over(command, given):
        return ()
    number, closing = (state.number, state.closing) if isinstance(state, Remembered) else (given.number, None)
    opened = like(
        ItemOpened,
        command,
        item_id=given.target,
        item_version=given.version + 1,
        entry_id=given.ref("entry"),
        number=number or 0,
        waiting_since=command.source.at,
        opened_by_event=command.source.event_id,
    )
    facts: list[Fact] = [opened, noted(command)]
    facts += called_before(opened, command, ladder_of(command, given))
    facts += closed_at_once(facts, command, closing)
    return by_rules(facts + shown_at_once(command, given), command, given.rules)


def shown_at_once(command: OpenItem, given: Given[Rules]) -> list[Fact]:
    """What comes after a merge is told under the key of the record that it is about, and shown under the survivor."""
    if command.patient_id is None:
        return []
    survivor = survivor_of(command.patient_id, given)
    shown = ShownUnder(**caused_by(command.source), patient_id=survivor)
    return [] if survivor == command.patient_id else [shown]


def is_over(command: OpenItem, given: Given[Rules]) -> bool:
    """The referral ended before, or with, what this fact tells, or the person died: cleanup was here first. Letters are
    still written (`cancel`)."""
    if has_died(given) and not command.lives and command.item_type in OF_THE_LIVING:
        return True
    episode = given.others.get(("episode", command.referral_id or ""))
    told_later = isinstance(episode, Ended) and command.source.at > episode.at
    return isinstance(episode, Ended) and (not told_later or command.item_type in WHILE_IT_GOES)


def open_again(state: Open, command: OpenItem, given: Given[Rules]) -> Decision:
    """A second opening fact opens nothing: the more urgent due time and priority win."""
    item = state.item
    if command.source.repeats(item.opened):
        return ()
    priority, due_at = more_urgent(item.priority, command.priority), due_again(state, command)
    facts: list[Fact] = [noted(command, item)]
    if (priority, due_at) != (item.priority, item.due_at):
        facts.append(
            fact_of(item, ItemReprioritised, after=2, priority=priority, due_at=due_at, cause="opened_again")
        )
    return facts


def due_again(state: Open, command: OpenItem) -> datetime | None:
    """The earlier one; but a warning that somebody has taken up, and that comes again, is due anew."""
    if command.ack_due_at and isinstance(state, Claimed):
        return command.due_at
    return earlier(state.item.due_at, command.due_at)


def reopen(state: Over, command: OpenItem, given: Given[Rules]) -> Decision:
    """A new opening fact for the same subject: the same item, a new entry."""
    item = state.item
    if command.source.repeats(item.opened) or is_over(command, given):
        return ()
    anew = replace(item, queue=command.queue, due_at=command.due_at, entry_id=given.ref("entry"))
    reopened = fact_of(anew, ItemReopened, reason="opened_again")
    facts: list[Fact] = [reopened, noted(command)]
    if command.priority != item.priority:
        facts.append(
            fact_of(anew, ItemReprioritised, after=3, priority=command.priority, cause="opened_again")
        )
    facts += called_before(reopened, command, ladder_of(command, given), len(facts))
    return by_rules(facts + closed_at_once(facts, command, item.closing), command, given.rules)


def ladder_of(command: OpenItem, given: Given[Rules]) -> Heard | None:
    """What was heard of the people who are called about it: about this occurrence, not about an earlier one."""
    ladder, since = given.others.get(("ladder", command.subject_id)), command.source.at
    if not isinstance(ladder, Heard) or ladder.told.at < since:
        return None
    return replace(ladder, unanswered=tuple(at for at in ladder.unanswered if at >= since))


def called_before(
    first: ItemOpened | ItemReopened, command: OpenItem, ladder: Heard | None, known: int = 2
) -> list[Fact]:
    """As if it were told now: how often nobody answered, until when somebody has to. `known`: facts before these."""
    if ladder is None:
        return []
    facts: list[Fact] = []
    priority = command.priority
    for level, _ in enumerate(ladder.unanswered, 1):
        priority, version = more_urgent_by_one(priority), first.item_version + known + len(facts)
        says = {"item_version": version, "level": level, "priority": priority, "cause": BY_LADDER}
        facts.append(like(ItemEscalated, first, **says))
    return [*facts, LadderFollowed(**caused_by(ladder.told), ack_due_at=ladder.ack_due_at)]


def noted(command: OpenItem, item: Item | None = None) -> Fact:
    """Waiting time runs from the first opening fact of an open item; an ended one starts anew."""
    ack_due_at = ack_due(item, command) if item else command.ack_due_at
    waiting_since = item.waiting_since if item else command.source.at
    is_others = item and item.referral_id and command.referral_id != item.referral_id
    return like(
        OpeningNoted,
        command,
        **caused_by(command.source),
        waiting_since=waiting_since,
        ack_due_at=ack_due_at,
        wanted_by=command.referral_id if is_others else None,
        lives=command.lives or None,
        unverified=[UnverifiedRule(**each._asdict()) for each in command.unverified] or None,
    )


def ack_due(item: Item, command: OpenItem) -> datetime | None:
    """What the people who are called were told since counts; else the earlier one."""
    if item.ladder and item.ladder.at >= command.source.at:
        return item.ack_due_at
    return earlier(item.ack_due_at, command.ack_due_at)


def by_rules(facts: list[Fact], command: OpenItem, rules: Rules) -> Decision:
    """The opening itself names the rule that gave it its due time."""
    times = rules.worklist.safety_times if command.ack_due_at else rules.worklist.item_due
    return [Ruled(facts[0], (times,)), *facts[1:]]


def closed_at_once(facts: list[Fact], command: OpenItem, closing: Closing | None) -> list[Fact]:
    """WL-04: a remembered closing fact ends what an opening fact that is not younger has opened."""
    if closing is None or command.source.at > closing.source.at:
        return []
    first = facts[0]
    assert isinstance(first, ItemOpened | ItemReopened)
    done = completion(closing.source, closing.by, command.source.at)
    return [like(ItemCompleted, first, item_version=first.item_version + len(facts), **done)]


OPENINGS = Table(open_item, open_again, reopen)
