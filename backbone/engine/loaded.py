"""What one transaction has read of what its run needs: in bulk, as far as it can be foreseen, nothing twice."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from backbone.engine.deferred import Deferred, readable
from backbone.engine.wanted import Key, Selector, Wanted, id_of
from backbone.engine.working_set import Standing, WorkingSet
from backbone.model.aggregate import Aggregate, Lookup, One, Order, Send
from backbone.model.column import AllOf
from backbone.model.person import PERSON
from backbone.store.port import Transaction
from backbone.store.rows import StoredState

Numbers = dict[str, list[int]]
"""By kind, numbers that were drawn and given to nobody yet; ascending."""


class Loaded:
    """States are decoded once; None stands for what was looked for and is not there."""

    def __init__(
        self,
        kinds: Mapping[str, Aggregate[Any]],
        lane_of: Callable[[str], int],
        lookups: Mapping[Lookup, str],
        numbers: Numbers,
        taken: Mapping[Key, int],
    ) -> None:
        self.kinds = kinds
        self._lane_of = lane_of
        self.lookups = lookups
        self.numbers = numbers
        self._taken = taken
        self.contents: dict[str, bytes] = {}
        self.deferred: dict[str, Deferred] = {}
        self._states: dict[Key, Standing | None] = {}
        self._selectors: set[Selector] = set()
        self._asked: set[Key] = set()
        self._fresh: WorkingSet | None = None
        self._orders = 0

    async def foresee(self, tx: Transaction, orders: Sequence[Order], beside: Iterable[Key]) -> None:
        """Load what the orders address; then, in rounds, what deciders will want to see, and groups that wait."""
        self._orders = len(orders)
        wanted, ahead = Wanted(dict.fromkeys(beside)), orders
        while ahead or wanted:
            for order in ahead:
                wanted.add_targets(order, self.lookups)
            known = len(self.deferred)
            await self.read(tx, wanted)
            wanted = self._needs_of(ahead)
            ahead = [deferred.order for deferred in list(self.deferred.values())[known:]]

    async def read(self, tx: Transaction, wanted: Wanted) -> bool:
        """Read what is not there yet. Is anything there that a fold without it could not know of?"""
        selectors = [selector for selector in wanted.selectors if selector not in self._selectors]
        keys = [key for key in wanted.states if key not in self._states]
        refs = [ref for ref in wanted.contents if ref not in self.contents]
        self._fresh = None
        rows = await self._read_states(tx, selectors, keys)
        new = {key: row for key, row in rows.items() if self._states.get(key) is None}
        for key in keys:
            self._states.setdefault(key, None)
        self._states.update({key: self._standing(key, row) for key, row in new.items()})
        self._selectors.update(selectors)
        if refs:
            self.contents.update(dict.fromkeys(refs, b""))
            self.contents.update(await tx.contents(refs))
        waiting = await self._read_deferred(tx)
        await self._draw_numbers(tx)
        return bool(new or refs or waiting)

    async def _read_states(
        self, tx: Transaction, selectors: Sequence[Selector], keys: Sequence[Key]
    ) -> dict[Key, StoredState]:
        """Under locks: first of the lanes concerned, then of what belongs to none, by kind and id."""
        shared = {key for key in keys if not self.kinds[key[0]].has_lane}
        owned = [key for key in keys if key not in shared]
        rows: dict[Key, StoredState] = {}
        reading = True
        while reading:
            rows = {**await self._select(tx, selectors), **await self._load(tx, owned)}
            reading = await tx.lock_lanes(
                {self._lane_of(row.lane_key) for row in rows.values() if row.lane_key}
            )
        shared |= {key for key, row in rows.items() if row.lane_key is None and not self._states.get(key)}
        for kind, ids in by_kind(sorted(shared)).items():
            rows.update({(kind, row.id): row for row in await tx.lock_rows(kind, ids)})
        return rows

    async def _select(self, tx: Transaction, selectors: Sequence[Selector]) -> dict[Key, StoredState]:
        by_columns: dict[tuple[str, tuple[str, ...]], list[AllOf]] = {}
        for kind, columns in selectors:
            names = tuple([name for name, _ in columns])
            by_columns.setdefault((kind, names), []).append(AllOf(columns))
        rows: dict[Key, StoredState] = {}
        for (kind, _), group in by_columns.items():
            rows.update({(kind, row.id): row for row in await tx.select(self.kinds[kind], group)})
        return rows

    async def _load(self, tx: Transaction, keys: Sequence[Key]) -> dict[Key, StoredState]:
        rows: dict[Key, StoredState] = {}
        for kind, ids in by_kind(keys).items():
            rows.update({(kind, row.id): row for row in await tx.load(kind, ids)})
        return rows

    def _standing(self, key: Key, row: StoredState) -> Standing:
        state = self.kinds[key[0]].state_decoder.decode(row.body)
        return Standing(state, row.version, row.sequence, row.lane_key, row.pathway_id)

    async def _read_deferred(self, tx: Transaction) -> bool:
        """Groups that wait for what was loaded."""
        keys = [key for key in self._states if key not in self._asked]
        self._asked.update(keys)
        rows = await tx.deferred([aggregate_id for _, aggregate_id in keys]) if keys else ()
        new = readable([row for row in rows if row.order_id not in self.deferred], self.kinds)
        self.deferred.update({group.order_id: group for group in new})
        about = [group.order.about for group in new]
        lane_keys = {group.cause.lane_key for group in new} | {
            each.id for each in about if isinstance(each, One)
        }
        await tx.lock_lanes({self._lane_of(key) for key in lane_keys if key})
        return bool(new)

    async def _draw_numbers(self, tx: Transaction) -> None:
        """Enough for everything that is not born, and for as much again that nobody foresees. What is left is kept."""
        unborn = Counter(kind for (kind, _), standing in self._states.items() if standing is None)
        for kind in (kind for kind, aggregate in self.kinds.items() if aggregate.numbered):
            numbers = self.numbers.setdefault(kind, [])
            if len(numbers) < unborn[kind] + self._orders:
                numbers.extend(await tx.numbers(kind, unborn[kind] + self._orders - len(numbers)))

    def use_numbers(self, used: Mapping[str, int]) -> None:
        """These births are certain."""
        for kind, number in used.items():
            del self.numbers[kind][:number]

    def _needs_of(self, orders: Sequence[Order]) -> Wanted:
        """What deciding these orders takes and is not there yet, as far as the loaded states tell."""
        wanted = Wanted()
        for send in (send for order in orders for send in order.sends):
            aggregate = send.aggregate
            if not aggregate.looks_further:
                continue
            working = self._fresh = self._fresh or self._build()
            for target in self._targets(send, working):
                state = working.entry(aggregate.kind, target).state
                # What raises here raises in the fold again, and there it is known whose fault it is.
                with suppress(Exception):
                    wanted.states.update(self._with_persons(aggregate.needs(state, send.command)))
                    wanted.states.update(dict.fromkeys(aggregate.foresees(state, send.command)))
                    wanted.contents.update(dict.fromkeys(aggregate.reads(state, send.command)))
        wanted.drop(self._states, self.contents)
        return wanted

    def _with_persons(self, needs: Iterable[Key]) -> Iterator[tuple[Key, None]]:
        """Other records of a person are seldom there, and are read when the fold asks for them."""
        for kind, needed in needs:
            of_person, of_record = self.kinds[kind].of_person, self.kinds[kind].of_record
            yield (kind, of_record(needed) if of_person else needed), None
            if of_person:
                yield (PERSON.kind, needed), None

    def _targets(self, send: Send, working: WorkingSet) -> Sequence[str]:
        if isinstance(send.to, AllOf):
            return working.matching((send.aggregate.kind, send.to.columns))
        return (id_of(send.to, self.lookups),)

    def working_set(self) -> WorkingSet:
        """A fresh one: a fold that does not hold leaves nothing behind."""
        working, self._fresh = self._fresh or self._build(), None
        return working

    def _build(self) -> WorkingSet:
        working = WorkingSet(self.kinds, self.numbers, self._taken)
        working.watch(self._selectors)
        for (kind, aggregate_id), standing in self._states.items():
            working.add(kind, aggregate_id, standing)
        return working


def by_kind(keys: Iterable[Key]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for kind, aggregate_id in keys:
        grouped.setdefault(kind, []).append(aggregate_id)
    return grouped
