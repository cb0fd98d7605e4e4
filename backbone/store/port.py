"""What the runtime asks of a store: one transaction in which a run is read, decided and written."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from backbone.model.aggregate import Aggregate
from backbone.model.column import AllOf
from backbone.store.accesses import Accesses
from backbone.store.locks import Locks
from backbone.store.rows import (
    Answer,
    ClaimedEffect,
    DeferredRow,
    ListedState,
    Once,
    ParkedRow,
    Position,
    RuledFact,
    RuleUse,
    Standing,
    StoredAnswer,
    StoredState,
    Summary,
    TimerRow,
    ToldFact,
    Writes,
    Writing,
)
from backbone.store.sealing import Seals


class Admission(NamedTuple):
    """`fresh`: ids that are now in the inbox. `parked`: keys under which something waits; of their ids, none entered,
    and those in `handled` had been handled before."""

    fresh: set[str]
    parked: set[str]
    handled: set[str]


class Reading(Protocol):
    """What is committed when a statement begins; inside a transaction, what it wrote itself besides."""

    async def aliases(self, keys: Sequence[tuple[str, bytes]]) -> Mapping[tuple[str, bytes], str]:
        """Known ids by (kind, keyed hash)."""

    async def load(self, kind: str, ids: Sequence[str]) -> Sequence[StoredState]:
        """States that exist."""

    async def select(self, aggregate: Aggregate[Any], selectors: Sequence[AllOf]) -> Sequence[StoredState]:
        """States that fit one of the selectors, all of which name the same columns."""

    async def begun(
        self, aggregate: Aggregate[Any], lane_keys: Sequence[str], after: str | None, limit: int
    ) -> Sequence[ListedState]:
        """States of these lanes, in order of id, after that one; without what is as everything is at first."""

    async def told(self, aggregate_ids: Sequence[str], types: Collection[str]) -> Sequence[ToldFact]:
        """Facts of these types in the journals of these, each aggregate's in order."""

    async def contents(self, refs: Sequence[str]) -> Mapping[str, bytes]:
        """Bodies that still exist, by ref."""

    async def writing(self, ref: str) -> Writing | None:
        """A content with its kind and whose it is; None for what is not there, or was erased."""

    async def writings(
        self, lane_keys: Sequence[str], kinds: Collection[str], limit: int
    ) -> Sequence[Writing]:
        """What is written about these, the latest first, without its bodies."""

    async def ruled(self, aggregate_ids: Sequence[str]) -> Sequence[RuledFact]:
        """The facts of all kinds with these ids that rules helped to decide, each aggregate's in order."""


class Transaction(Reading, Protocol):
    """All of it happens, or none."""

    committed: list[Callable[[], None]]
    """What is told once it has happened (`transact`)."""

    async def lock(self, locks: Locks) -> None:
        """Before anything else: wait for all of these, in order."""

    async def lock_lanes(self, lanes: Collection[int]) -> bool:
        """Until the end, nobody else works on these lanes. Were there any that this transaction did not hold yet?

        Then what was read of them before may have changed. Raises OutOfOrder.
        """

    async def lock_rows(self, kind: str, ids: Sequence[str]) -> Sequence[StoredState]:
        """States that exist, and that nobody else changes until the end: what belongs to no lane. Raises OutOfOrder."""

    async def locked_offset(self, topic: str, partition: int) -> int | None:
        """The durable position, locked until the end; None when the partition was never positioned."""

    async def set_offset(self, topic: str, partition: int, next_offset: int) -> None:
        """Advance an existing position."""

    async def make_offset(self, topic: str, partition: int, first: int, topic_id: str | None) -> Position:
        """Make the position if there is none; the one that holds. One without an id of its topic gets it."""

    async def stop_offset(self, topic: str, partition: int, why: str) -> None:
        """Nothing is read there until a person says where to begin."""

    async def admit(self, ids: Sequence[str], keys: Sequence[str], at: datetime) -> "Admission":
        """Put ids into the inbox that were not handled before and whose keys are not parked."""

    async def forget(self, ids: Sequence[str]) -> None:
        """Take ids out of the inbox again: they were not handled."""

    async def numbers(self, kind: str, count: int) -> Sequence[int]:
        """Draw from the kind's sequence."""

    async def deferred(self, aggregate_ids: Sequence[str]) -> Sequence[DeferredRow]:
        """Groups that wait for these aggregates, oldest first."""

    async def due_timers(self, lane: int, now: datetime, limit: int) -> Sequence[TimerRow]:
        """Timers of the lane that are due, in due order."""

    async def park(self, rows: Sequence[ParkedRow]) -> set[str]:
        """Keep records, each once. The ids of those that were new."""

    async def parked(self, key: str, limit: int) -> Sequence[ParkedRow]:
        """What waits under a key, oldest first."""

    async def parked_places(self, key: str) -> tuple[int, Sequence[int]]:
        """How many records wait under a key, and in which partitions they came."""

    async def unpark(self, record_ids: Sequence[str]) -> None:
        """These were handled or dropped."""

    async def is_parked(self, key: str) -> bool:
        """Does anything wait under the key?"""

    async def stop_effect(self, effect_id: str, reason: str, at: datetime) -> None:
        """It is not claimed any more."""

    async def stored_answer(self, once: Once) -> StoredAnswer | None:
        """What this request was told before."""

    async def keep_answer(self, once: Once, answer: Answer, at: datetime, about: str | None = None) -> None:
        """Remember what this request is told; `about`: of whom."""

    async def write(self, writes: Writes) -> None:
        """Write it all. Raises Conflict when a state is not the one that was loaded."""

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What happens inside is undone alone when it raises, locks included."""


class Left(NamedTuple):
    """What a service has still to do: are there rows to send, rows to call; when is the next timer due?"""

    unsent: bool
    uncalled: bool
    next_due: datetime | None


class Store(Protocol):
    """One service's own database."""

    accesses: Accesses
    seals: Seals

    def transaction(self) -> AbstractAsyncContextManager[Transaction]: ...

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """For what only reads: no transaction is begun and ended around it. It would see no more: where others may
        commit between its statements, each sees what is committed when it begins."""

    def connection(self) -> AbstractAsyncContextManager[Any]:
        """A bare connection, for queries."""

    def transient(self, error: BaseException) -> bool:
        """Is it the infrastructure's fault, so that the same again may succeed?"""

    def retryable(self) -> AbstractContextManager[None]:
        """Turns the infrastructure's errors into Retryable, those that no record can cause into Outage."""

    async def answers(self) -> bool:
        """Does the database answer somebody who comes anew, and may it be written to?"""

    async def left(self) -> Left:
        """As it stands in one moment."""

    async def due_lanes(self, lanes: Collection[int], now: datetime) -> Collection[int]:
        """Those of the lanes in which a timer is due."""

    async def claim_effects(
        self, kind: str, now: datetime, until: datetime, limit: int
    ) -> Sequence[ClaimedEffect]:
        """Free effects of this kind, oldest first, ours until `until`. Both times are the wall clock's."""

    async def free_effect(self, effect_id: str, at: datetime, tried: int | None = None) -> None:
        """It was not done: free again at that time, as one that was called as often as it was, or so often."""

    async def summary(self) -> Summary: ...

    async def standing(self, now: datetime) -> Standing: ...

    async def oldest_unsent(self) -> datetime | None:
        """When the row that is to be sent next was written. One cheap look."""

    async def rules_used(self) -> Sequence[RuleUse]:
        """Every combination of rules that a fact names, with the last such fact."""

    async def parked_keys(self) -> Sequence[tuple[str, int, str, datetime]]:
        """(key, records, reason of the first, since), oldest first."""
