"""The shapes of an item, and what it remembers of the facts behind it. No decisions here."""

from datetime import date, datetime
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from backbone.model import Head, State, Unverified, updated
from schemas.codes import ItemType, Priority, Queue


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """The fact behind a change (WL-02). `at` is when it became true."""

    event_id: str
    at: datetime
    aggregate_id: str
    sequence: int | None = None
    aggregate_type: str = ""
    """Things of two kinds may share an id: an appointment and its attendance case, a referral and its episode."""

    def of_one_aggregate(self, other: "Source") -> bool:
        """Their sequence tells which of both facts came first, whatever clocks say."""
        mine, theirs = (self.aggregate_type, self.aggregate_id), (other.aggregate_type, other.aggregate_id)
        return mine == theirs and None not in (self.sequence, other.sequence)

    def repeats(self, latest: "Source") -> bool:
        """The latest such fact again, or an older one of the same aggregate (EVT-07: replay)."""
        if self.event_id == latest.event_id:
            return True
        return self.of_one_aggregate(latest) and (self.sequence or 0) <= (latest.sequence or 0)


class Closing(msgspec.Struct, frozen=True, omit_defaults=True):
    """A closing fact from another topic than the opening fact: it may come first (WL-04)."""

    source: Source
    by: str | None = None


class Movement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The latest claim, release, hold or transfer: who did it when, and what undoing it gives back."""

    by: str | None
    at: datetime
    queue: Queue
    entry_id: str
    entered_at: datetime
    claimant: str | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an item is, whoever holds it. An entry is one stay in one queue; `version` counts its facts."""

    id: str
    version: int
    number: int
    item_type: ItemType
    subject_type: str
    subject_id: str
    subject_version: int | None = None
    place: str | None = None
    patient_id: str | None = None
    referral_id: str | None = None
    also_for: tuple[str, ...] = ()
    """Other referrals that want it done too: it ends with the last of them."""
    left: Source | None = None
    """The end of a referral whose work it was."""
    queue: Queue
    entry_id: str
    entered_at: datetime
    priority: Priority
    due_at: datetime | None = None
    ack_due_at: datetime | None = None
    waiting_since: datetime
    opened: Source
    level: int = 0
    steps: int = 0
    """How often it was escalated because this due time passed."""
    category: str | None = None
    detail: str | None = None
    """What the latest opening fact says, in one code."""
    about: str | None = None
    """What tells it apart from others of its type, in one code."""
    unverified: tuple[Unverified, ...] = ()
    """Rules that made the latest opening fact and that nobody has verified."""
    lives: bool = False
    """It was told that a death was taken back: one of before the latest opening fact counts no more."""
    target_date: date | None = None
    ranked: Source | None = None
    moved: tuple[Source, ...] = ()
    """Of each thing, the latest fact that moved the due time or the priority, or said so again."""
    ladder: Source | None = None
    """The latest fact of the people who are called about it."""
    closing: Closing | None = None


class Unopened(State, tag="unopened"):
    """Nothing is known of it."""


class Remembered(State, tag="remembered"):
    """Closed before it was opened (WL-04)."""

    number: int
    closing: Closing


class Waiting(State, tag="waiting"):
    """In its queue, for anybody who works there."""

    item: Item
    last: Movement | None = None


class Claimed(State, tag="claimed"):
    """Somebody works on it. Claimed is not done: overdue continues to run."""

    item: Item
    by: str
    since: datetime
    kept_at: datetime | None = None
    """When they last said that they still work on it."""
    last: Movement | None = None


class OnHold(State, tag="on_hold"):
    """It can't go on before a date. Overdue continues to run."""

    item: Item
    reason: str
    resume_on: date
    last: Movement | None = None


class Completed(State, tag="completed"):
    """A fact said that the work is done."""

    item: Item


class Cancelled(State, tag="cancelled"):
    """The work is no longer wanted."""

    item: Item


Open = Waiting | Claimed | OnHold
Over = Completed | Cancelled
Opened = Open | Over
"""What was opened once."""
ItemState = Unopened | Remembered | Opened

S = TypeVar("S", bound=Opened)


def with_item(state: S, fact: object, head: Head, **changes: object) -> S:
    """The same state, one fact later: with what the fact says of the item, and the changes."""
    return replace(state, item=updated(state.item, fact, **{"version": head.version} | changes))
