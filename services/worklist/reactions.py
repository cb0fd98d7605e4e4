"""Facts → orders to items, derived from the catalogue. Within one fact: close, open, change, clean up."""

from collections.abc import Callable, Iterable
from typing import Any

from backbone.service import Event, On, Orders, all_of, on, one
from schemas.fact import Fact
from schemas.generic import generic_facts
from schemas.referral.v1.referral import InformationNotReceived
from services.worklist.domain.catalogue import CATALOGUE, CLEANUP, RANKING
from services.worklist.domain.due import after
from services.worklist.domain.item.aggregate import ITEM, item_id
from services.worklist.domain.item.commands import (
    CancelItem,
    CompleteItem,
    OpenItem,
    RankItem,
    ReprioritiseItem,
)
from services.worklist.domain.item.states import Source
from services.worklist.domain.row import Row, When
from services.worklist.domain.rules import Rules

Reaction = Callable[[Event[Any], Rules], Orders]


def source(event: Event[Any]) -> Source:
    head = event.head
    return Source(head.event_id, head.occurred_at, head.aggregate_id, head.sequence)


def close_by(row: Row, closing: When) -> Reaction:
    """WL-06: by subject. What may come before its opening is also told to the item to be (WL-04)."""
    remember = row.remembers(closing.fact)

    def close_items(event: Event[Any], rules: Rules) -> Orders:
        if not closing.holds(event.fact):
            return
        subject_id = row.subject.id(event)
        command = CompleteItem(source(event), by=event.head.actor.id, remember=remember)
        yield ITEM.send(command, to=all_of(item_type=row.item, subject_id=subject_id, open="true"))
        if remember:
            yield ITEM.send(command, to=one(item_id(row.item, subject_id, row.queue(event, rules))))

    return close_items


def open_by(row: Row) -> Reaction:
    """WL-01: the same type, subject and queue is the same item."""

    def open_items(event: Event[Any], rules: Rules) -> Orders:
        queue, subject_id, rank = row.queue(event, rules), row.subject.id(event), row.rank(event)
        command = OpenItem(
            source=source(event),
            item_type=row.item,
            queue=queue,
            subject_type=row.subject.type,
            subject_id=subject_id,
            subject_version=event.head.sequence if subject_id == event.head.aggregate_id else None,
            priority=row.priority(event, rules),
            due_at=row.due(event, rules),
            ack_due_at=row.ack(event, rules) if row.ack else None,
            category=rank.category,
            target_date=rank.target_date,
        )
        yield ITEM.send(command, to=one(item_id(row.item, subject_id, queue)))

    return open_items


def rank_open_items(event: Event[Any], rules: Rules) -> Orders:
    """A decision on urgency orders all open work of the referral (REF-06)."""
    command = RankItem(source(event), event.fact.category, event.fact.target_date)
    yield ITEM.send(command, to=all_of(referral_id=event.head.aggregate_id, open="true"))


def press_for_information(event: Event[InformationNotReceived], rules: Rules) -> Orders:
    """REF-08: after the reminder the item waits on; at the decision it becomes urgent."""
    target = all_of(item_type="REF_INFO_WAIT", subject_id=event.head.aggregate_id, open="true")
    if event.fact.stage == "reminder":
        due_at = after(event.head.occurred_at, "ref_info_after_reminder", rules)
        yield ITEM.send(ReprioritiseItem(source(event), "information_not_received", due_at=due_at), to=target)
    else:
        yield ITEM.send(ReprioritiseItem(source(event), "information_not_received", "urgent"), to=target)


def clean_up(event: Event[Any], rules: Rules) -> Orders:
    """The referral is over: so is all its work but safety items."""
    command = CancelItem(source(event), CLEANUP[type(event.fact)])
    yield ITEM.send(command, to=all_of(referral_id=event.head.aggregate_id, ends_with_referral="true"))


def reactions_to(fact: type[Fact]) -> Iterable[Reaction]:
    """Everything that one fact brings about, in the order that matters."""
    yield from (
        close_by(row, closing) for row in CATALOGUE for closing in row.closings if closing.fact is fact
    )
    yield from (open_by(row) for row in CATALOGUE if row.opens is fact)
    if fact is InformationNotReceived:
        yield press_for_information
    if fact in RANKING:
        yield rank_open_items
    if fact in CLEANUP:
        yield clean_up


def facts_of_catalogue() -> Iterable[type[Fact]]:
    """Each fact once, in the order of the table."""
    rows = (fact for row in CATALOGUE for fact in (row.opens, *(closing.fact for closing in row.closings)))
    return dict.fromkeys((*rows, InformationNotReceived, *RANKING, *CLEANUP))


REACTIONS: tuple[On, ...] = tuple(on(fact, *reactions_to(fact)) for fact in facts_of_catalogue())

OWN_GENERIC_FACTS: frozenset[type[Fact]] = frozenset(generic_facts("worklist"))
"""Handled in the transaction that writes them: the worklist's own parking must not hide them."""
