"""The item: its tables put together, and what follows from its state: its row, its timer, the columns that find it."""

from collections.abc import Callable, Iterable, Mapping

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Column,
    Columns,
    Command,
    Flag,
    Publication,
    Table,
    Timer,
    like,
    person_seen,
)
from schemas.queue import QueueItem, UnverifiedRule
from schemas.topics import queue_topic
from services.worklist.catalogue.decide.table import CALLED_ABOUT, CLEANED_UP
from services.worklist.item.commands import CancelItem, EscalateOverdue, OpenItem, ReleaseIdle, ResumeOnTime
from services.worklist.item.decide.endings import ENDINGS
from services.worklist.item.decide.escalation import ESCALATION, escalates_at
from services.worklist.item.decide.movements import MOVEMENTS, goes_back_at
from services.worklist.item.decide.openings import OPENINGS
from services.worklist.item.decide.persons import PERSONS
from services.worklist.item.decide.urgency import URGENCY
from services.worklist.item.evolve import EVOLVING
from services.worklist.item.states import Claimed, Item, ItemState, OnHold, Open, Opened, Unopened
from services.worklist.rules import Rules


def needs(state: ItemState, command: Command) -> Iterable[tuple[str, str]]:
    """The episodes, where they may be over; whether the person died; what was heard of those who are called."""
    if isinstance(command, OpenItem):
        yield from person_seen(command.patient_id)
        if command.item_type in CALLED_ABOUT:
            yield "ladder", command.subject_id
        if command.referral_id:
            yield "episode", command.referral_id
    if isinstance(command, CancelItem) and isinstance(state, Open):
        yield from (("episode", each) for each in state.item.also_for)


def publications(state: ItemState) -> Iterable[Publication]:
    """An open item stands in its queue's topic; in any other state the engine leaves a tombstone."""
    if isinstance(state, Open):
        value = row_of(state).model_dump_json().encode()
        yield Publication(queue_topic(state.item.queue), state.item.id, value)


def row_of(state: Open) -> QueueItem:
    """The row as the topic and every view carry it."""
    claimed = state if isinstance(state, Claimed) else None
    held = state if isinstance(state, OnHold) else None
    return like(
        QueueItem,
        state.item,
        item_id=state.item.id,
        status="claimed" if claimed else "waiting",
        claimed_by=claimed and claimed.by,
        claimed_at=claimed and claimed.since,
        kept_at=claimed and claimed.kept_at,
        resume_on=held and held.resume_on,
        hold_reason=held and held.reason,
        unverified=[UnverifiedRule(**each._asdict()) for each in state.item.unverified] or None,
    )


def timers(state: ItemState, rules: Rules) -> Mapping[str, Timer]:
    """A claim that rests goes back to the queue, and what was on hold; what is overdue is escalated."""
    armed: dict[str, Timer] = {}
    if isinstance(state, Claimed):
        armed["idle"] = Timer(goes_back_at(state, rules), ReleaseIdle())
    if isinstance(state, OnHold):
        armed["resume"] = Timer(rules.calendar.daily(state.resume_on), ResumeOnTime())
    if isinstance(state, Open) and (at := escalates_at(state.item, rules)):
        armed["overdue"] = Timer(at, EscalateOverdue())
    return armed


def of_item(read: Callable[[Item], str | None]) -> Column:
    """A column of the item, where there is one."""
    return Column(lambda state: read(state.item) if isinstance(state, Opened) else None)


class Items(Columns):
    """How items are found. `ends_with_referral`: open, and of a type that the end of the referral cancels."""

    item_type = of_item(lambda item: item.item_type)
    subject_id = of_item(lambda item: item.subject_id)
    referral_id = of_item(lambda item: item.referral_id)
    patient_id = of_item(lambda item: item.patient_id)
    open = Flag(lambda state: isinstance(state, Open))
    ends_with_referral = Flag(lambda state: isinstance(state, Open) and state.item.item_type in CLEANED_UP)


ITEM = Aggregate[ItemState](
    "item",
    Unopened(),
    decide=Table(OPENINGS, MOVEMENTS, URGENCY, ESCALATION, ENDINGS, PERSONS),
    evolve=EVOLVING,
    timers=timers,
    publications=publications,
    needs=needs,
    columns=Items,
    numbered=True,
    has_lane="if known",
    has_pathway="if known",
)


def item_id(item_type: str, subject_id: str, queue: str) -> str:
    """One item per type, subject and queue it was opened in, for ever: WL-01 by identity.

    The type says what kind of thing the subject is: the catalogue holds that it has only one.
    """
    return derive(subject_id, f"{item_type}:{queue}")
