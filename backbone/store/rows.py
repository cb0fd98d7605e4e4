"""The rows that a store keeps, and everything that a run writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec


class StoredState(NamedTuple):
    """A state as it was read. `body` is JSON."""

    id: str
    version: int
    sequence: int
    lane_key: str | None
    pathway_id: str | None
    body: bytes


class StateRow(NamedTuple):
    """A state to be written. `loaded_version` is the version that it replaces, 0 at birth."""

    id: str
    lane_key: str | None
    pathway_id: str | None
    version: int
    sequence: int
    status: str
    body: bytes
    updated_at: datetime
    columns: tuple[str | None, ...]
    loaded_version: int


class ListedState(NamedTuple):
    """A state as lists show it, and when it changed last."""

    id: str
    version: int
    body: bytes
    lane_key: str | None
    pathway_id: str | None
    changed_at: datetime


class ToldFact(NamedTuple):
    """A fact of a journal: what became of an aggregate, when and by whom. `data` is its JSON."""

    aggregate_id: str
    type: str
    occurred_at: datetime
    actor_id: str | None
    data: bytes


class RuledFact(NamedTuple):
    """A fact that rules helped to decide. `rules` are joined by commas, `data` is its JSON."""

    aggregate_kind: str
    aggregate_id: str
    type: str
    rules: str
    data: bytes


class RuleUse(NamedTuple):
    """Rules that a fact names together, joined by commas, and the last such fact."""

    rules: str
    type: str
    at: datetime


class JournalRow(NamedTuple):
    """A fact as the journal keeps it. `data` is the fact's JSON, `rules` joined by commas."""

    aggregate_kind: str
    aggregate_id: str
    version: int
    sequence: int | None
    fact_id: str
    type: str
    lane_key: str | None
    pathway_id: str | None
    occurred_at: datetime
    recorded_at: datetime
    correlation_id: str
    causation_id: str
    actor_kind: str
    actor_id: str | None
    actor_role: str | None
    rules: str | None
    traceparent: str | None
    data: bytes


class OutboxRow(NamedTuple):
    """A message to be. `headers` is a JSON object; no value means a tombstone."""

    shard: int
    topic: str
    key: str
    value: bytes | None
    headers: bytes
    recorded_at: datetime


class ContentRow(NamedTuple):
    ref: str
    kind: str
    lane_key: str | None
    body: bytes
    recorded_at: datetime


class Writing(NamedTuple):
    """A content as it is kept; `body` is None where it was not asked for."""

    ref: str
    kind: str
    lane_key: str | None
    recorded_at: datetime
    body: bytes | None = None


class Named(NamedTuple):
    """What an aggregate has under a name, a timer or an effect. Things of two kinds may share an id."""

    kind: str
    id: str
    name: str


class TimerRow(NamedTuple):
    aggregate_kind: str
    aggregate_id: str
    name: str
    lane: int
    due: datetime
    lane_key: str | None
    pathway_id: str | None
    command: bytes

    @property
    def place(self) -> Named:
        return Named(*self[:3])


class EffectRow(NamedTuple):
    """Something to be done outside. `reads` are the contents that it needs."""

    id: str
    aggregate_kind: str
    aggregate_id: str
    name: str
    kind: str
    reads: list[str]
    body: bytes
    lane_key: str | None
    pathway_id: str | None
    traceparent: str | None = None

    @property
    def place(self) -> Named:
        return Named(*self[1:4])


class ClaimedEffect(NamedTuple):
    """An effect under a lease; `attempt` counts from 1."""

    row: EffectRow
    attempt: int


class DeferredRow(NamedTuple):
    """A group that came too early. `sends` and `cause` are JSON."""

    order_id: str
    aggregate_kind: str
    aggregate_id: str
    sends: bytes
    cause: bytes
    reason: str
    deferred_at: datetime


class RefusalRow(NamedTuple):
    cause_id: str
    aggregate_kind: str
    aggregate_id: str
    command: str
    reason: str
    refused_at: datetime


class ParkedRow(NamedTuple):
    """A record that waits, as it came. `key` decides what waits behind it; `headers` is a JSON array of names with
    base64 strings or null, `sent_ms` the producer's time, which need not be one."""

    key: str
    record_id: str
    topic: str
    partition: int
    record_offset: int
    raw_key: bytes | None
    value: bytes | None
    headers: bytes
    sent_ms: int
    reason: str
    error: str
    parked_at: datetime


class TimelineRow(NamedTuple):
    fact_id: str
    type: str
    aggregate_id: str
    lane_key: str | None
    pathway_id: str | None
    occurred_at: datetime
    headers: bytes
    data: bytes


class LiveChange(NamedTuple):
    topic: str
    key: str
    value: bytes | None


class Answer(msgspec.Struct, frozen=True):
    """What a request was told; kept with its idempotency key. `body` is JSON."""

    status: int
    body: bytes
    headers: dict[str, str] = {}


class StoredAnswer(NamedTuple):
    body_hash: str
    answer: Answer


class Once(NamedTuple):
    """An idempotency key of one principal, with a hash of the request that first used it."""

    key: str
    scope: str
    body_hash: str


@dataclass(slots=True)
class Writes:
    """Everything that a run changes, in a handful of statements."""

    births: dict[str, list[StateRow]] = field(default_factory=dict)
    updates: dict[str, list[StateRow]] = field(default_factory=dict)
    journal: list[JournalRow] = field(default_factory=list)
    contents: list[ContentRow] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    aliases: list[tuple[str, bytes, str]] = field(default_factory=list)
    timers_dropped: list[Named] = field(default_factory=list)
    timers_set: list[TimerRow] = field(default_factory=list)
    effects_dropped: list[Named] = field(default_factory=list)
    effects_set: list[EffectRow] = field(default_factory=list)
    deferred: list[DeferredRow] = field(default_factory=list)
    deferred_done: list[str] = field(default_factory=list)
    refusals: list[RefusalRow] = field(default_factory=list)
    timeline: list[TimelineRow] = field(default_factory=list)
    live: list[LiveChange] = field(default_factory=list)


class Position(NamedTuple):
    """Of a partition: the next offset to handle, in which topic (Kafka's own id), and why nothing is read there."""

    next_offset: int
    topic_id: str | None = None
    stopped: str | None = None


class Summary(NamedTuple):
    """How much waits: rows and, for the outbox, the time of the oldest."""

    outbox: int
    oldest_unsent: datetime | None
    parked_keys: int
    deferred: int
    effects: int = 0
    undeliverable: int = 0


class Standing(NamedTuple):
    """What should not stand still: timers that are due, and since when the first; effects not called yet, by kind."""

    timers: int
    due_since: datetime | None
    effects: Mapping[str, int]
