"""Closing and cleanup facts. No person ends an item by hand: the fact of the work does."""

from datetime import datetime
from typing import Any

from backbone.model import Decision, Given, Refused, Table, ignores
from schemas.fact import Fact
from schemas.worklist.v1.item import ItemCancelled, ItemCompleted
from services.worklist.catalogue.decide.table import OF_THE_LIVING, SAFETY, WHILE_IT_GOES
from services.worklist.episode.states import Ended
from services.worklist.item.commands import CancelItem, CompleteItem
from services.worklist.item.decide.stamps import caused_by, fact_of
from services.worklist.item.facts import ClosingRemembered, ReferralLeft
from services.worklist.item.states import (
    Cancelled,
    Closing,
    Completed,
    Item,
    Open,
    Over,
    Remembered,
    Source,
    Unopened,
)
from services.worklist.rules import Rules


def complete(state: Open, command: CompleteItem, given: Given[Rules]) -> Decision:
    """The work is done. An older closing fact than the opening one belongs to an earlier occurrence."""
    item = state.item
    facts = remembered(command, item.closing, item.number)
    if precedes(command, item.opened):
        return facts
    done = completion(command.source, command.by, item.waiting_since)
    return [*facts, fact_of(item, ItemCompleted, after=len(facts) + 1, **done)]


def complete_before_opening(state: Unopened, command: CompleteItem, given: Given[Rules]) -> Decision:
    """Not too early: nothing to do, or something to remember (WL-04)."""
    return remembered(command, None, given.number)


def remember_later_closing(state: Remembered, command: CompleteItem, given: Given[Rules]) -> Decision:
    return remembered(command, state.closing, state.number)


def complete_again(state: Over, command: CompleteItem, given: Given[Rules]) -> Decision:
    """Nothing is open; but the memory advances, or a late opening fact would stay open."""
    return remembered(command, state.item.closing, state.item.number)


def cancel(state: Open, command: CancelItem, given: Given[Rules]) -> Decision:
    """The referral ended, and the work with it. Safety items end by their closing fact, or with
    the patient; letters are written all the same."""
    item = state.item
    if command.reason == "deceased" and item.item_type not in OF_THE_LIVING:
        return ()
    if item.item_type in SAFETY and command.reason != "deceased":
        return Refused("a safety item ends by its closing fact only")
    if command.source.repeats(item.opened) or is_before(command, item):
        return ()
    if item.left and command.source.repeats(item.left):
        return ()
    if command.reason != "deceased" and (others := still_wanted_by(item, given)):
        return [ReferralLeft(**caused_by(command.source), referral_id=others[0])]
    return [fact_of(item, ItemCancelled, reason=command.reason)]


def still_wanted_by(item: Item, given: Given[Rules]) -> list[str]:
    """Other referrals that go on: what was found out for the one is waited for by the other."""
    return [each for each in item.also_for if not isinstance(given.others.get(("episode", each)), Ended)]


def is_before(command: CancelItem, item: Item) -> bool:
    """What is told after an end, of another topic, is work (`is_over`), whichever was read first; but of nobody who
    died, unless it was told because they live after all; nor what can't be done any more."""
    if item.item_type in WHILE_IT_GOES:
        return False
    return (command.reason != "deceased" or item.lives) and command.source.at < item.opened.at


def precedes(command: CompleteItem, opened: Source) -> bool:
    """Within one aggregate the sequence tells; across topics, where arrival says nothing, the time does."""
    if command.source.of_one_aggregate(opened):
        return command.source.repeats(opened)
    return command.remember and command.source.at < opened.at


def remembered(command: CompleteItem, known: Closing | None, number: int | None) -> list[Fact]:
    """Only the latest closing fact is kept."""
    if not command.remember or (known is not None and command.source.at <= known.source.at):
        return []
    return [ClosingRemembered(**caused_by(command.source), number=number or 0, by_id=command.by)]


def completion(source: Source, by: str | None, waiting_since: datetime) -> dict[str, Any]:
    """The item wait runs from the first entry to the closing fact, over all transfers; in whole seconds."""
    wait = max(int((source.at - waiting_since).total_seconds()), 0)
    return {"closed_by_event": source.event_id, "completed_by": by, "item_wait_s": wait}


ENDINGS = Table(
    *(complete, complete_before_opening, remember_later_closing, complete_again, cancel),
    ignores(CancelItem, when=(Unopened, Remembered, Completed, Cancelled)),
)
