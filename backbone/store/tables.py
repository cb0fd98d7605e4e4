"""The tables of the store in memory, by the names of the PostgreSQL ones."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from backbone.store.rows import (
    ClaimedEffect,
    DeferredRow,
    JournalRow,
    LiveChange,
    Named,
    OutboxRow,
    ParkedRow,
    Position,
    RefusalRow,
    Standing,
    StateRow,
    StoredAnswer,
    Summary,
    TimelineRow,
    TimerRow,
    Writing,
)


@dataclass(slots=True)
class Tables:
    """Everything that is kept."""

    states: dict[str, dict[str, StateRow]] = field(default_factory=dict)
    journal: list[JournalRow] = field(default_factory=list)
    content: dict[str, bytes] = field(default_factory=dict)
    writing: dict[str, Writing] = field(default_factory=dict)
    """Of each content, what it is and whose."""
    outbox: list[OutboxRow] = field(default_factory=list)
    inbox: dict[str, datetime] = field(default_factory=dict)
    offsets: dict[tuple[str, int], int] = field(default_factory=dict)
    topic_ids: dict[tuple[str, int], str | None] = field(default_factory=dict)
    stopped_offsets: dict[tuple[str, int], str] = field(default_factory=dict)
    parked: list[ParkedRow] = field(default_factory=list)
    deferred: dict[str, DeferredRow] = field(default_factory=dict)
    refusal: list[RefusalRow] = field(default_factory=list)
    alias: dict[tuple[str, bytes], str] = field(default_factory=dict)
    timer: dict[Named, TimerRow] = field(default_factory=dict)
    effect: dict[Named, ClaimedEffect] = field(default_factory=dict)
    leases: dict[str, datetime] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    idempotency: dict[tuple[str, str], StoredAnswer] = field(default_factory=dict)
    timeline: list[TimelineRow] = field(default_factory=list)
    live_row: dict[tuple[str, str], bytes] = field(default_factory=dict)
    live_change: list[LiveChange] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    access_record: list[Any] = field(default_factory=list)
    access_chain: dict[date, Any] = field(default_factory=dict)

    def position(self, place: tuple[str, int], first: int, topic_id: str | None) -> Position:
        """The one that holds; made where there is none."""
        offset = self.offsets.setdefault(place, first)
        kept = self.topic_ids[place] = self.topic_ids.get(place) or topic_id
        return Position(offset, kept, self.stopped_offsets.get(place))

    def summary(self) -> Summary:
        stopped = sum(effect.row.id in self.stopped for effect in self.effect.values())
        return Summary(
            len(self.outbox),
            min((row.recorded_at for row in self.outbox), default=None),
            len({row.key for row in self.parked}),
            len(self.deferred),
            len(self.effect) - stopped,
            stopped,
        )

    def standing(self, now: datetime) -> Standing:
        due = [row.due for row in self.timer.values() if row.due <= now]
        waiting = [each.row for each in self.effect.values() if each.row.id not in self.stopped]
        return Standing(len(due), min(due, default=None), Counter(row.kind for row in waiting))

    def copied(self) -> "Tables":
        """One level deep: rows are immutable."""
        tables = Tables(*[each.copy() for each in KEPT(self)])
        tables.states = {kind: rows.copy() for kind, rows in self.states.items()}
        return tables

    def restore(self, saved: "Tables") -> None:
        """Everything but the numbers drawn: as with a sequence, nobody gets them a second time."""
        for name in Tables.__slots__:
            if name != "numbers":
                setattr(self, name, getattr(saved, name))


KEPT = attrgetter(*Tables.__slots__)
