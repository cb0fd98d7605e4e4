"""From orders to writes: resolve, lock, load, fold, and load again what the fold missed. One transaction's worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backbone.engine.deferred import readable
from backbone.engine.fold import Fold
from backbone.engine.generic import kinds_of
from backbone.engine.work import Known, Made, Work
from backbone.engine.working_set import Key, NotLoaded, WorkingSet
from backbone.engine.writes import writes_of
from backbone.ids import keyed_hash, keyed_id, partition_of
from backbone.model.aggregate import Aggregate, Lookup, One, Order
from backbone.model.column import AllOf
from backbone.model.service import Service
from backbone.store.port import Transaction
from backbone.store.rows import DeferredRow, Row, Writes

Selector = tuple[str, AllOf]


@dataclass(slots=True)
class Result:
    """What a run came to: nothing of it is written yet."""

    working: WorkingSet
    made: Made
    known: Known
    writes: Writes


@dataclass(slots=True)
class Plan:
    """What a run's orders name, before anything is loaded."""

    lookups: dict[Lookup, None]
    states: dict[Key, None]
    selectors: dict[Selector, None]
    contents: dict[str, None]

    def missed(self, missing: NotLoaded) -> None:
        self.states.update(dict.fromkeys(missing.states))
        self.selectors.update(dict.fromkeys(missing.selectors))
        self.contents.update(dict.fromkeys(missing.contents))


class Engine:
    """One service's rules, clockless: the time of deciding arrives with the work."""

    def __init__(self, service: Service, rules: Any, secret: bytes, partitions: int, shards: int = 1) -> None:
        self.service = service
        self.kinds = kinds_of(service)
        self.rules = rules
        self.partitions = partitions
        self.shards = shards
        self._secret = secret

    def lane_of(self, key: str) -> int:
        """The lane of a key: its partition on every event topic."""
        return partition_of(key, self.partitions)

    async def carry_out(
        self, tx: Transaction, works: Sequence[Work], now: datetime, held: Iterable[int] = ()
    ) -> Result:
        """Decide the works in order. `held` are lanes whose locks are already taken.

        Raises Poisoned when a piece of work can't be decided.
        """
        orders = [order for work in works for order in work.orders]
        lookups, known_aliases = await self.resolve(
            tx, [each for order in orders for each in lookups_of(order)]
        )
        await self._lock(tx, works, lookups, set(held))
        plan = plan_of(orders, lookups)
        loaded = Loaded(self.kinds)
        while True:
            await loaded.complete(tx, plan)
            known = Known(lookups, frozenset(plan.selectors), loaded.contents, loaded.deferred)
            working = loaded.working_set(plan)
            try:
                made = Fold(self.service, self.rules, now, working, known).run(works)
                writes = writes_of(self, works, working, made, known, now)
            except NotLoaded as missing:
                plan.missed(missing)
                continue
            writes.aliases = [
                (lookup_kind(lookup), self._hash(lookup), target)
                for lookup, target in lookups.items()
                if lookup not in known_aliases and born(working, lookup.kind, target)
            ]
            return Result(working, made, known, writes)

    async def resolve(
        self, tx: Transaction, lookups: Iterable[Lookup]
    ) -> tuple[dict[Lookup, str], set[Lookup]]:
        """The id behind each key, and which keys are known already."""
        wanted = dict.fromkeys(lookups)
        if not wanted:
            return {}, set()
        hashes = {lookup: (lookup_kind(lookup), self._hash(lookup)) for lookup in wanted}
        found = await tx.aliases(list(hashes.values()))
        known = {lookup for lookup, key in hashes.items() if key in found}
        return {lookup: found.get(key) or self._derived(lookup) for lookup, key in hashes.items()}, known

    def _hash(self, lookup: Lookup) -> bytes:
        return keyed_hash(self._secret, lookup_kind(lookup), "\x1f".join(lookup.key))

    def _derived(self, lookup: Lookup) -> str:
        return keyed_id(self._secret, lookup_kind(lookup), "\x1f".join(lookup.key))

    async def _lock(
        self, tx: Transaction, works: Sequence[Work], lookups: Mapping[Lookup, str], held: set[int]
    ) -> None:
        """Take the locks of every lane that the works touch, in order, before anything is read."""
        keys = {work.cause.lane_key for work in works}
        keys |= {id_of(order.about, lookups) for work in works for order in work.orders if order.about}
        for kind, ids in unplaced(works, lookups).items():
            keys.update((await tx.lane_keys(kind, ids)).values())
        lanes = {self.lane_of(key) for key in keys if key}
        if lanes - held:
            await tx.lock_lanes(sorted(lanes))


def unplaced(works: Sequence[Work], lookups: Mapping[Lookup, str]) -> Mapping[str, list[str]]:
    """Ids by kind of the aggregates whose lane neither the cause nor the order tells."""
    ids: dict[str, list[str]] = {}
    orders = [order for work in works if not work.cause.lane_key for order in work.orders if not order.about]
    for send in [send for order in orders for send in order.sends]:
        if not isinstance(send.to, AllOf):
            ids.setdefault(send.aggregate.kind, []).append(id_of(send.to, lookups))
    return ids


class Loaded:
    """What a transaction has read so far; nothing is read twice."""

    def __init__(self, kinds: Mapping[str, Aggregate[Any]]) -> None:
        self.kinds = kinds
        self.rows: dict[Key, Row | None] = {}
        self.numbers: dict[Key, int] = {}
        self.contents: dict[str, bytes] = {}
        self.deferred: list[DeferredRow] = []
        self._selected: set[Selector] = set()

    async def complete(self, tx: Transaction, plan: Plan) -> None:
        """Read what the plan names and is not there yet."""
        await self._select(tx, [selector for selector in plan.selectors if selector not in self._selected])
        wanted = [key for key in plan.states if key not in self.rows]
        await self._load(tx, wanted)
        await self._wait(tx, plan)
        refs = [ref for ref in plan.contents if ref not in self.contents]
        if refs:
            self.contents.update(dict.fromkeys(refs, b""))
            self.contents.update(await tx.contents(refs))

    async def _select(self, tx: Transaction, selectors: Sequence[Selector]) -> None:
        by_signature: dict[tuple[str, tuple[str, ...]], list[AllOf]] = {}
        for kind, selector in selectors:
            names = tuple(name for name, _ in selector.columns)
            by_signature.setdefault((kind, names), []).append(selector)
        for (kind, _), group in by_signature.items():
            for row in await tx.select(self.kinds[kind], group):
                self.rows[kind, row.id] = row
        self._selected.update(selectors)

    async def _load(self, tx: Transaction, keys: Sequence[Key]) -> None:
        by_kind: dict[str, list[str]] = {}
        for kind, aggregate_id in keys:
            by_kind.setdefault(kind, []).append(aggregate_id)
        for kind, ids in by_kind.items():
            found = {row.id: row for row in await tx.load(kind, sorted(ids))}
            self.rows.update({(kind, aggregate_id): found.get(aggregate_id) for aggregate_id in ids})
            unborn = [aggregate_id for aggregate_id in ids if aggregate_id not in found]
            if unborn and self.kinds[kind].numbered:
                drawn = await tx.numbers(kind, len(unborn))
                self.numbers.update(
                    {(kind, aggregate_id): n for aggregate_id, n in zip(unborn, drawn, strict=True)}
                )

    async def _wait(self, tx: Transaction, plan: Plan) -> None:
        """Groups that wait for anything loaded, and what they in turn address."""
        asked: set[str] = {row.aggregate_id for row in self.deferred}
        ids = [aggregate_id for _, aggregate_id in self.rows if aggregate_id not in asked]
        have = {row.order_id for row in self.deferred}
        new = [row for row in await tx.deferred(ids) if row.order_id not in have]
        self.deferred.extend(readable(new, self.kinds))

    def working_set(self, plan: Plan) -> WorkingSet:
        """A fresh one: a fold that failed leaves nothing behind."""
        working = WorkingSet(self.kinds)
        working.watch(plan.selectors)
        for (kind, aggregate_id), row in self.rows.items():
            working.add(kind, aggregate_id, row, self.numbers.get((kind, aggregate_id)))
        return working


def plan_of(orders: Sequence[Order], lookups: Mapping[Lookup, str]) -> Plan:
    """Every target of the orders, and the content that their commands will read where that is known beforehand."""
    plan = Plan(dict.fromkeys(lookups), {}, {}, {})
    for order in orders:
        for send in order.sends:
            if isinstance(send.to, AllOf):
                plan.selectors[send.aggregate.kind, send.to] = None
            else:
                plan.states[send.aggregate.kind, id_of(send.to, lookups)] = None
    return plan


def lookups_of(order: Order) -> Iterable[Lookup]:
    targets: list[Any] = [order.about, order.pathway, *(send.to for send in order.sends)]
    return (target for target in targets if isinstance(target, Lookup))


def lookup_kind(lookup: Lookup) -> str:
    return f"{lookup.kind}.{lookup.name}"


def id_of(target: One | Lookup, lookups: Mapping[Lookup, str]) -> str:
    return target.id if isinstance(target, One) else lookups[target]


def born(working: WorkingSet, kind: str, aggregate_id: str) -> bool:
    entry = working.entries.get((kind, aggregate_id))
    return entry is not None and entry.loaded_version == 0 and entry.version > 0
