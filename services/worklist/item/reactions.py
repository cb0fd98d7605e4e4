"""Facts → orders to items, derived from the catalogue. Within one fact: close, open, change, clean up."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from backbone.model import Event, On, Orders, Send, all_of, on, one
from schemas.care_plan.v1.mdt import MdtActionCompleted, MdtDecisionRecorded
from schemas.codes import Queue
from schemas.fact import Fact
from schemas.generic import generic_facts
from schemas.referral.v1.referral import InformationNotReceived
from schemas.scheduling.v1.booking import BookingRequested
from schemas.scheduling.v1.waitlist import WaitlistJoined
from schemas.worklist.v1.episode import EpisodeOwned, EpisodeUnowned
from services.worklist.catalogue.decide.due import after
from services.worklist.catalogue.decide.row import Row, When
from services.worklist.catalogue.decide.table import CATALOGUE, CLEANUP, RANKING
from services.worklist.domain.item.view import Items
from services.worklist.episode.reactions import OWN, WATCHED
from services.worklist.item.aggregate import ITEM, item_id
from services.worklist.item.commands import (
    CancelItem,
    CompleteItem,
    OpenItem,
    RankItem,
    ReprioritiseItem,
)
from services.worklist.item.facts import VisitBegan
from services.worklist.item.states import Source
from services.worklist.rules import Rules

Reaction = Callable[[Event[Any], Rules], Orders]


def source(event: Event[Any]) -> Source:
    """The fact behind a change; behind a private step the public fact that caused it."""
    head = event.head
    identity = head.event_id if event.fact.public else head.causation_id
    return Source(identity, head.occurred_at, head.aggregate_id, head.sequence)


def close_by(row: Row, closing: When) -> Reaction:
    """WL-06: by subject. What may come before its opening is also told to the item to be (WL-04)."""
    if closing.by_referral:
        return close_by_referral(row, closing)
    remember = row.remembers(closing.fact)

    def close_items(event: Event[Any], rules: Rules) -> Orders:
        if not closing.holds(event.fact):
            return
        subject_id = row.subject.id(event)
        command = CompleteItem(source(event), by=event.head.actor.id, remember=remember)
        yield ITEM.send(
            command, to=all_of(Items.item_type(row.item), Items.subject_id(subject_id), Items.open)
        )
        if remember:
            yield ITEM.send(command, to=one(item_id(row.item, subject_id, row.queue(event, rules))))

    return close_items


def close_by_referral(row: Row, closing: When) -> Reaction:
    """WL-06: the closing fact does not name the subject: every open item of the type of this referral."""

    def close_items(event: Event[Any], rules: Rules) -> Orders:
        if closing.holds(event.fact) and event.head.pathway_id:
            command = CompleteItem(source(event), by=event.head.actor.id, remember=False)
            target = all_of(Items.item_type(row.item), Items.referral_id(event.head.pathway_id), Items.open)
            yield ITEM.send(command, to=target)

    return close_items


def open_by(row: Row) -> Reaction:
    """WL-01: the same type, subject and queue is the same item."""

    def open_items(event: Event[Any], rules: Rules) -> Orders:
        if not row.when(event.fact):
            return
        for queue in row.queues(event) if row.queues else (row.queue(event, rules),):
            yield open_in(row, queue, event, rules)

    return open_items


def open_in(row: Row, queue: Queue, event: Event[Any], rules: Rules) -> Send:
    subject_id, rank = row.subject.id(event), row.rank(event)
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
        referral_id=event.head.pathway_id if row.cleaned_up else None,
    )
    return ITEM.send(command, to=one(item_id(row.item, subject_id, queue)))


def open_actions(event: Event[MdtDecisionRecorded], rules: Rules) -> Orders:
    """One item for each action of a decision, where and by when the decision says."""
    for action in event.fact.actions:
        command = OpenItem(
            source=source(event),
            item_type="MDT_ACTION",
            queue=action.owner_queue,
            subject_type="mdt_action",
            subject_id=action.action_id,
            priority=action.priority,
            due_at=rules.calendar.due(action.due_on),
        )
        yield ITEM.send(command, to=one(item_id("MDT_ACTION", action.action_id, action.owner_queue)))


def close_action(event: Event[MdtActionCompleted], rules: Rules) -> Orders:
    command = CompleteItem(source(event), by=event.head.actor.id, remember=False)
    target = all_of(Items.item_type("MDT_ACTION"), Items.subject_id(event.fact.action_id), Items.open)
    yield ITEM.send(command, to=target)


def replace_old_booking(event: Event[BookingRequested], rules: Rules) -> Orders:
    """An item that acceptance itself opened, before there were booking requests, gives way to this one's."""
    if event.head.pathway_id:
        command = CompleteItem(source(event), by=event.head.actor.id, remember=False)
        target = all_of(Items.item_type("BOOK_VISIT"), Items.subject_id(event.head.pathway_id), Items.open)
        yield ITEM.send(command, to=target)


def press_for_information(event: Event[InformationNotReceived], rules: Rules) -> Orders:
    """REF-08: after the reminder the item waits on; at the decision it becomes urgent."""
    target = all_of(Items.item_type("REF_INFO_WAIT"), Items.subject_id(event.head.aggregate_id), Items.open)
    if event.fact.stage == "reminder":
        due_at = after(event.head.occurred_at, "ref_info_after_reminder", rules)
        yield ITEM.send(ReprioritiseItem(source(event), "information_not_received", due_at=due_at), to=target)
    else:
        yield ITEM.send(ReprioritiseItem(source(event), "information_not_received", "urgent"), to=target)


def rank_booking(event: Event[WaitlistJoined], rules: Rules) -> Orders:
    """The urgency of a first visit stands on the waiting list."""
    if event.fact.category and event.fact.target_date:
        command = RankItem(source(event), event.fact.category, event.fact.target_date)
        target = all_of(
            Items.item_type("BOOK_VISIT"), Items.subject_id(event.fact.booking_request_id), Items.open
        )
        yield ITEM.send(command, to=target)


BESIDES: Mapping[type[Fact], Reaction] = {
    MdtDecisionRecorded: open_actions,
    MdtActionCompleted: close_action,
    BookingRequested: replace_old_booking,
    WaitlistJoined: rank_booking,
    InformationNotReceived: press_for_information,
}
"""What is more than a row."""


def rank_open_items(event: Event[Any], rules: Rules) -> Orders:
    """A decision on urgency orders all open work of the referral (REF-06)."""
    command = RankItem(source(event), event.fact.category, event.fact.target_date)
    yield ITEM.send(command, to=all_of(Items.referral_id(event.head.aggregate_id), Items.open))


def clean_up(event: Event[Any], rules: Rules) -> Orders:
    """The referral is over: so is all its work but safety items."""
    command = CancelItem(source(event), CLEANUP[type(event.fact)])
    referral_id = event.head.pathway_id or event.head.aggregate_id
    yield ITEM.send(command, to=all_of(Items.referral_id(referral_id), Items.ends_with_referral))


def reactions_to(fact: type[Fact]) -> Iterable[Reaction]:
    """Everything that one fact brings about, in the order that matters."""
    yield from (
        close_by(row, closing) for row in CATALOGUE for closing in row.closings if closing.fact is fact
    )
    yield from (open_by(row) for row in CATALOGUE if row.opens is fact)
    if fact in BESIDES:
        yield BESIDES[fact]
    if fact in RANKING:
        yield rank_open_items
    if fact in CLEANUP:
        yield clean_up
    yield from (reaction for watched, reaction in WATCHED if watched is fact)


def facts_of_catalogue() -> Iterable[type[Fact]]:
    """Each fact once, in the order of the table."""
    rows = (fact for row in CATALOGUE for fact in (row.opens, *(closing.fact for closing in row.closings)))
    return dict.fromkeys((*rows, *BESIDES, *RANKING, *CLEANUP, *(fact for fact, _ in WATCHED)))


REACTIONS: tuple[On, ...] = (*(on(fact, *reactions_to(fact)) for fact in facts_of_catalogue()), *OWN)

OWN_FACTS: frozenset[type[Fact]] = frozenset(
    (*generic_facts("worklist"), VisitBegan, EpisodeUnowned, EpisodeOwned, *(row.fact for row in OWN))
)
"""Handled in the transaction that writes them: the worklist's own parking must not hide them, nor may an episode be
looked at between a fact and the work that it makes."""
