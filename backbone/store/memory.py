"""The store in memory: the twin of the PostgreSQL one, for tests. One transaction at a time, traceless on failure."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, Self

from backbone.errors import Conflict, Retryable
from backbone.model.aggregate import Aggregate
from backbone.model.column import AllOf
from backbone.store.accesses import Accesses, MemoryAccesses
from backbone.store.locks import Locks
from backbone.store.port import Admission, Left
from backbone.store.reads import MemoryReads
from backbone.store.rows import (
    Answer,
    ClaimedEffect,
    DeferredRow,
    LiveChange,
    Once,
    ParkedRow,
    Position,
    RuledFact,
    RuleUse,
    Standing,
    StateRow,
    StoredAnswer,
    StoredState,
    Summary,
    TimerRow,
    Writes,
    Writing,
)
from backbone.store.sealing import UNSEALED
from backbone.store.tables import Tables


class MemoryStore:
    """One service's tables."""

    def __init__(self) -> None:
        self.tables = Tables()
        self._turn = asyncio.Lock()
        self.seals = UNSEALED
        self.accesses: Accesses = MemoryAccesses(self.tables, self._turn)

    def transaction(self) -> "AbstractAsyncContextManager[MemoryTransaction]":
        return MemoryTransaction(self.tables, self._turn)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["MemoryTransaction"]:
        async with self._turn:
            yield MemoryTransaction(self.tables, self._turn)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        raise NotImplementedError("the store in memory answers no SQL")
        yield

    def transient(self, error: BaseException) -> bool:
        return isinstance(error, Retryable)

    @contextmanager
    def retryable(self) -> Iterator[None]:
        yield

    async def answers(self) -> bool:
        return True

    async def left(self) -> Left:
        summary = await self.summary()
        due = min((row.due for row in self.tables.timer.values()), default=None)
        return Left(bool(summary.outbox), bool(summary.effects), due)

    async def due_lanes(self, lanes: Collection[int], now: datetime) -> Collection[int]:
        return {row.lane for row in self.tables.timer.values() if row.due <= now} & set(lanes)

    async def claim_effects(
        self, kind: str, now: datetime, until: datetime, limit: int
    ) -> Sequence[ClaimedEffect]:
        effects, leases = self.tables.effect, self.tables.leases
        free = [
            (place, claimed)
            for place, claimed in effects.items()
            if claimed.row.kind == kind
            and claimed.row.id not in self.tables.stopped
            and leases.get(claimed.row.id, now) <= now
        ][:limit]
        for place, claimed in free:
            effects[place] = claimed._replace(attempt=claimed.attempt + 1)
            leases[claimed.row.id] = until
        return [effects[place] for place, _ in free]

    async def free_effect(self, effect_id: str, at: datetime, tried: int | None = None) -> None:
        self.tables.leases[effect_id] = at
        effects = self.tables.effect
        for place, claimed in effects.items():
            if claimed.row.id == effect_id and tried is not None:
                effects[place] = claimed._replace(attempt=tried)

    async def summary(self) -> Summary:
        return self.tables.summary()

    async def standing(self, now: datetime) -> Standing:
        return self.tables.standing(now)

    async def oldest_unsent(self) -> datetime | None:
        return self.tables.outbox[0].recorded_at if self.tables.outbox else None

    async def rules_used(self) -> Sequence[RuleUse]:
        last = {row.rules: row for row in self.tables.journal if row.rules}
        return [RuleUse(rules, row.type, row.recorded_at) for rules, row in last.items()]

    async def parked_keys(self) -> Sequence[tuple[str, int, str, datetime]]:
        groups: dict[str, list[ParkedRow]] = {}
        for row in self.tables.parked:
            groups.setdefault(row.key, []).append(row)
        return [
            (key, len(rows), rows[0].reason, min(r.parked_at for r in rows)) for key, rows in groups.items()
        ]


class MemoryTransaction(MemoryReads):
    """A transaction on the tables themselves, open as long as it is entered; the copy made then is put back when it
    fails."""

    def __init__(self, tables: Tables, turn: asyncio.Lock) -> None:
        self.tables, self._turn = tables, turn
        self.committed: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        await self._turn.acquire()
        self._saved = self.tables.copied()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *more: object) -> None:
        if kind is not None:
            self.tables.restore(self._saved)
        self._turn.release()

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        saved = self.tables.copied()
        try:
            yield
        except BaseException:
            self.tables.restore(saved)
            raise

    async def lock(self, locks: Locks) -> None:
        """Nobody else is here."""

    async def lock_lanes(self, lanes: Collection[int]) -> bool:
        return False

    async def lock_rows(self, kind: str, ids: Sequence[str]) -> Sequence[StoredState]:
        return await self.load(kind, ids)

    async def locked_offset(self, topic: str, partition: int) -> int | None:
        return self.tables.offsets.get((topic, partition))

    async def set_offset(self, topic: str, partition: int, next_offset: int) -> None:
        if (topic, partition) in self.tables.offsets:
            self.tables.offsets[topic, partition] = next_offset

    async def make_offset(self, topic: str, partition: int, first: int, topic_id: str | None) -> Position:
        return self.tables.position((topic, partition), first, topic_id)

    async def stop_offset(self, topic: str, partition: int, why: str) -> None:
        self.tables.stopped_offsets[topic, partition] = why

    async def admit(self, ids: Sequence[str], keys: Sequence[str], at: datetime) -> Admission:
        parked = {row.key for row in self.tables.parked} & set(keys)
        pairs = list(zip(ids, keys, strict=True))
        handled = {fact_id for fact_id, key in pairs if key in parked and fact_id in self.tables.inbox}
        fresh = {fact_id for fact_id, key in pairs if key not in parked and fact_id not in self.tables.inbox}
        self.tables.inbox.update(dict.fromkeys(fresh, at))
        return Admission(fresh, parked, handled)

    async def forget(self, ids: Sequence[str]) -> None:
        for fact_id in ids:
            self.tables.inbox.pop(fact_id, None)

    async def aliases(self, keys: Sequence[tuple[str, bytes]]) -> Mapping[tuple[str, bytes], str]:
        return {key: self.tables.alias[key] for key in keys if key in self.tables.alias}

    async def load(self, kind: str, ids: Sequence[str]) -> Sequence[StoredState]:
        rows = self.tables.states.get(kind, {})
        return [loaded(rows[aggregate_id]) for aggregate_id in ids if aggregate_id in rows]

    async def select(self, aggregate: Aggregate[Any], selectors: Sequence[AllOf]) -> Sequence[StoredState]:
        names = list(aggregate.column)
        wanted = {selector.columns for selector in selectors}
        signature = [name for name, _ in selectors[0].columns]
        rows = self.tables.states.get(aggregate.kind, {}).values()
        return [
            loaded(row)
            for row in rows
            if tuple((name, row.columns[names.index(name)]) for name in signature) in wanted
        ]

    async def numbers(self, kind: str, count: int) -> Sequence[int]:
        first = self.tables.numbers.get(kind, 0) + 1
        self.tables.numbers[kind] = first + count - 1
        return range(first, first + count)

    async def ruled(self, aggregate_ids: Sequence[str]) -> Sequence[RuledFact]:
        rows = self.tables.journal
        return [
            RuledFact(row.aggregate_kind, row.aggregate_id, row.type, row.rules, row.data)
            for row in rows
            if row.rules and row.aggregate_id in aggregate_ids
        ]

    async def deferred(self, aggregate_ids: Sequence[str]) -> Sequence[DeferredRow]:
        wanted = set(aggregate_ids)
        return [row for row in self.tables.deferred.values() if row.aggregate_id in wanted]

    async def due_timers(self, lane: int, now: datetime, limit: int) -> Sequence[TimerRow]:
        due = [row for row in self.tables.timer.values() if row.lane == lane and row.due <= now]
        return sorted(due, key=lambda row: (row.due, row.aggregate_id, row.aggregate_kind, row.name))[:limit]

    async def park(self, rows: Sequence[ParkedRow]) -> set[str]:
        known = {row.record_id for row in self.tables.parked}
        new = [row for row in rows if row.record_id not in known]
        self.tables.parked = [*self.tables.parked, *new]
        return {row.record_id for row in new}

    async def parked(self, key: str, limit: int) -> Sequence[ParkedRow]:
        return [row for row in self.tables.parked if row.key == key][:limit]

    async def parked_places(self, key: str) -> tuple[int, Sequence[int]]:
        rows = [row for row in self.tables.parked if row.key == key]
        return len(rows), sorted({row.partition for row in rows})

    async def unpark(self, record_ids: Sequence[str]) -> None:
        gone = set(record_ids)
        self.tables.parked = [row for row in self.tables.parked if row.record_id not in gone]

    async def is_parked(self, key: str) -> bool:
        return any(row.key == key for row in self.tables.parked)

    async def stop_effect(self, effect_id: str, reason: str, at: datetime) -> None:
        self.tables.stopped[effect_id] = reason

    async def stored_answer(self, once: Once) -> StoredAnswer | None:
        return self.tables.idempotency.get((once.scope, once.key))

    async def keep_answer(self, once: Once, answer: Answer, at: datetime, about: str | None = None) -> None:
        self.tables.idempotency[once.scope, once.key] = StoredAnswer(once.body_hash, answer)

    async def write(self, writes: Writes) -> None:
        tables = self.tables
        for rows in (writes.births, writes.updates):
            for kind, states in rows.items():
                self._write_states(tables.states.setdefault(kind, {}), kind, states)
        tables.content.update({row.ref: row.body for row in writes.contents})
        for ref, kind, lane_key, _, recorded_at in writes.contents:
            tables.writing[ref] = Writing(ref, kind, lane_key, recorded_at)
        for name in ("journal", "outbox", "refusal", "timeline"):
            getattr(tables, name).extend(getattr(writes, {"refusal": "refusals"}.get(name, name)))
        for kind, key_hash, aggregate_id in writes.aliases:
            tables.alias.setdefault((kind, key_hash), aggregate_id)
        for order_id in writes.deferred_done:
            tables.deferred.pop(order_id, None)
        tables.deferred.update({row.order_id: row for row in writes.deferred})
        self._write_named(writes)
        self._write_live(writes.live)

    def _write_named(self, writes: Writes) -> None:
        timers, effects = self.tables.timer, self.tables.effect
        for key in writes.timers_dropped:
            timers.pop(key, None)
        timers.update({row.place: row for row in writes.timers_set})
        for key in writes.effects_dropped:
            effects.pop(key, None)
        effects.update({row.place: ClaimedEffect(row, 0) for row in writes.effects_set})

    def _write_states(self, table: dict[str, StateRow], kind: str, rows: Sequence[StateRow]) -> None:
        for row in rows:
            stored: Any = table.get(row.id)
            if (stored.version if stored else 0) != row.loaded_version:
                raise Conflict(f"a {kind} was changed by somebody else at the same moment")
            table[row.id] = row

    def _write_live(self, changes: Sequence[LiveChange]) -> None:
        for change in changes:
            self.tables.live_change.append(change)
            if change.value is None:
                self.tables.live_row.pop((change.topic, change.key), None)
            else:
                self.tables.live_row[change.topic, change.key] = change.value


def loaded(row: StateRow) -> StoredState:
    return StoredState(row.id, row.version, row.sequence, row.lane_key, row.pathway_id, row.body)
