"""What the runtime asks of a store: one transaction in which a run is read, decided and written."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from backbone.aggregate import Aggregate, AllOf


class Row(NamedTuple):
    """A state as it is stored. `body` is JSON."""

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


class TimerRow(NamedTuple):
    aggregate_kind: str
    aggregate_id: str
    name: str
    lane: int
    due: datetime
    lane_key: str | None
    pathway_id: str | None
    command: bytes


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
    """A record that waits. `key` decides what waits behind it; `headers` is a JSON object of base64 strings."""

    key: str
    record_id: str
    topic: str
    partition: int
    record_offset: int
    raw_key: bytes | None
    value: bytes | None
    headers: bytes
    sent_at: datetime
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
    timers_dropped: list[tuple[str, str]] = field(default_factory=list)
    timers_set: list[TimerRow] = field(default_factory=list)
    deferred: list[DeferredRow] = field(default_factory=list)
    deferred_done: list[str] = field(default_factory=list)
    refusals: list[RefusalRow] = field(default_factory=list)
    timeline: list[TimelineRow] = field(default_factory=list)
    live: list[LiveChange] = field(default_factory=list)


class Admission(NamedTuple):
    """`fresh`: ids that are now in the inbox. `parked`: keys under which something waits; of their ids, none entered,
    and those in `handled` had been handled before."""

    fresh: set[str]
    parked: set[str]
    handled: set[str]


class Transaction(Protocol):
    """All of it happens, or none."""

    async def lock_lanes(self, lanes: Sequence[int]) -> None:
        """Wait until nobody else works on these lanes. Ascending order."""

    async def locked_offset(self, topic: str, partition: int) -> int | None:
        """The durable position, locked until the end; None when the partition was never positioned."""

    async def set_offset(self, topic: str, partition: int, next_offset: int) -> None:
        """Advance an existing position."""

    async def make_offset(self, topic: str, partition: int, next_offset: int) -> int:
        """Make the position if there is none; the one that holds."""

    async def admit(self, ids: Sequence[str], keys: Sequence[str], at: datetime) -> "Admission":
        """Put ids into the inbox that were not handled before and whose keys are not parked."""

    async def forget(self, ids: Sequence[str]) -> None:
        """Take ids out of the inbox again: they were not handled."""

    async def aliases(self, keys: Sequence[tuple[str, bytes]]) -> Mapping[tuple[str, bytes], str]:
        """Known ids by (kind, keyed hash)."""

    async def lane_keys(self, kind: str, ids: Sequence[str]) -> Mapping[str, str | None]:
        """Lane keys, fixed at birth, of those that exist."""

    async def load(self, kind: str, ids: Sequence[str]) -> Sequence[Row]:
        """States that exist. Rows without a lane are locked, in order of id."""

    async def select(self, aggregate: Aggregate, selectors: Sequence[AllOf]) -> Sequence[Row]:
        """States that fit one of the selectors, all of which name the same columns."""

    async def numbers(self, kind: str, count: int) -> Sequence[int]:
        """Draw from the kind's sequence."""

    async def contents(self, refs: Sequence[str]) -> Mapping[str, bytes]:
        """Bodies that still exist, by ref."""

    async def deferred(self, aggregate_ids: Sequence[str]) -> Sequence[DeferredRow]:
        """Groups that wait for these aggregates, oldest first."""

    async def due_timers(self, lane: int, now: datetime, limit: int) -> Sequence[TimerRow]:
        """Timers of the lane that are due, in due order."""

    async def park(self, rows: Sequence[ParkedRow]) -> set[str]:
        """Keep records; once per id. The ids that were new."""

    async def parked(self, key: str, limit: int) -> Sequence[ParkedRow]:
        """What waits under a key, oldest first."""

    async def unpark(self, record_ids: Sequence[str]) -> None:
        """These were handled or dropped."""

    async def is_parked(self, key: str) -> bool:
        """Does anything wait under the key?"""

    async def stored_answer(self, once: Once) -> StoredAnswer | None:
        """What this request was told before."""

    async def keep_answer(self, once: Once, answer: Answer, at: datetime) -> None:
        """Remember what this request is told."""

    async def write(self, writes: Writes) -> None:
        """Write it all. Raises Conflict when a state is not the one that was loaded."""

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What happens inside is undone alone when it raises."""


class Summary(NamedTuple):
    """How much waits: rows and, for the outbox, the time of the oldest."""

    outbox: int
    oldest_unsent: datetime | None
    parked_keys: int
    deferred: int


class Store(Protocol):
    """One service's own database."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]: ...

    def connection(self) -> AbstractAsyncContextManager[Any]:
        """A bare connection, for queries."""

    def transient(self, error: BaseException) -> bool:
        """Is it the infrastructure's fault, so that the same again may succeed?"""

    def retryable(self) -> AbstractContextManager[None]:
        """Turns the infrastructure's errors into Retryable."""

    async def next_due(self) -> datetime | None:
        """The least due time of all timers."""

    async def due_lanes(self, lanes: Collection[int], now: datetime) -> Collection[int]:
        """Those of the lanes in which a timer is due."""

    async def summary(self) -> Summary: ...

    async def parked_keys(self) -> Sequence[tuple[str, int, str, datetime]]:
        """(key, records, reason of the first, since), oldest first."""
