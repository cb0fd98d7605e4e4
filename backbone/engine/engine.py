"""From orders to writes: resolve, lock, load what can be foreseen, fold. One transaction's worth."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from backbone.clock import epoch_nanoseconds
from backbone.engine.fold import Fold
from backbone.engine.generic import kinds_of
from backbone.engine.loaded import Loaded, Numbers
from backbone.engine.wanted import Key, id_of, lookups_of
from backbone.engine.work import Made, Stuck, Work
from backbone.engine.working_set import WorkingSet
from backbone.engine.writes import writes_of
from backbone.ids import keyed_hash, keyed_id, partition_of
from backbone.model.aggregate import Lookup
from backbone.model.head import Head
from backbone.model.service import Service
from backbone.store.port import Reading, Transaction
from backbone.store.rows import RefusalRow, Writes
from backbone.telemetry import log
from backbone.tracing import NoSpans, Span, Spans, kept
from config.governed import in_force


@dataclass(slots=True)
class Result:
    """What a run came to: nothing of it is written yet. `lookups`: what stands for each key of the outside now."""

    working: WorkingSet
    made: Made
    writes: Writes
    lookups: Mapping[Lookup, str]


def unheard(refusals: Sequence[RefusalRow]) -> None:
    pass


class Engine:
    """One service's rules, clockless: the time of deciding arrives with the work."""

    def __init__(self, service: Service, rules: Any, secret: bytes, partitions: int, shards: int = 1) -> None:
        self.service = service
        self.kinds = kinds_of(service)
        self.stated = rules
        """The rules of every day: what applies says `rules_at`."""
        self.partitions = partitions
        self.shards = shards
        self._secret = secret
        self.taken: Mapping[Key, int] = {}
        """Of what may be born again after a restore, the last number that was told."""
        self._numbers: Numbers = {}
        self.spans: Spans = NoSpans()
        """Who is told what was decided and committed, and by whom else what was done for it."""
        self.refused: Callable[[Sequence[RefusalRow]], None] = unheard
        """Is told what reactions and timers wanted in vain."""

    def rules_at(self, now: datetime) -> Any:
        """As they apply on the clinic's day."""
        return in_force(self.stated, now)

    def lane_of(self, key: str) -> int:
        """The lane of a key: its partition on every event topic."""
        return partition_of(key, self.partitions)

    async def carry_out(self, tx: Transaction, works: Sequence[Work], now: datetime) -> Result:
        """Decide the works in order, under the locks of every lane that they touch.

        Raises Poisoned when a piece of work can't be decided, OutOfOrder when the transaction must begin again.
        """
        began = epoch_nanoseconds()
        orders = [order for work in works for order in work.orders]
        lookups, known = await self.resolve(tx, lookups_of(orders))
        await tx.lock_lanes(self._lanes_of(works, lookups))
        loaded = Loaded(self.kinds, self.lane_of, lookups, self._numbers, self.taken)
        self._numbers = {}
        try:
            await loaded.foresee(tx, orders, self._beside(works))
            result = await self._fold(tx, works, now, loaded)
        finally:
            self._keep(loaded.numbers)
        result.writes.aliases = [
            (lookup_kind(lookup), self._hash(lookup), target)
            for lookup, target in lookups.items()
            if lookup not in known and born(result.working, lookup.kind, target)
        ]
        if self.spans.on:
            tx.committed.append(lambda: self.spans.tell(decisions(result.made, began)))
        if result.writes.refusals:
            tx.committed.append(partial(self.refused, result.writes.refusals))
        return result

    async def _fold(self, tx: Transaction, works: Sequence[Work], now: datetime, loaded: Loaded) -> Result:
        """Once, where everything was foreseen or is not there; again, while something was there after all. What waited
        and can't be decided now is left asleep: it is nobody else's fault."""
        rules = self.rules_at(now)
        asleep: set[str] = set()
        while True:
            working = loaded.working_set()
            waited = loaded.deferred.values()
            fold = Fold(
                *(self.service, rules, now, working, loaded.lookups, loaded.contents, waited, self._secret),
                asleep=asleep,
            )
            fold.made.tells = self.spans.on
            try:
                made = fold.run(works)
            except Stuck as stuck:
                log.error("group stuck", extra={"aggregate": stuck.group.kind}, exc_info=stuck.__cause__)
                asleep.add(stuck.group.order_id)
                continue
            if not working.missed or (not await loaded.read(tx, working.missed) and fold.stands):
                break
        writes = writes_of(self, works, working, made, loaded.deferred, now)
        if working.missed.contents:
            await loaded.read(tx, working.missed)
            made.bodies.update(loaded.contents)
            writes = writes_of(self, works, working, made, loaded.deferred, now)
        loaded.use_numbers(working.numbers_used)
        followed = {lookup: working.leads_to(lookup.kind, found) for lookup, found in loaded.lookups.items()}
        return Result(working, made, writes, followed)

    def _beside(self, works: Sequence[Work]) -> Iterable[tuple[str, str]]:
        """What local reactions are likely to address."""
        return [key for work in works for key in self.service.foresees(work.cause)]

    def _keep(self, numbers: Numbers) -> None:
        """What was drawn and not used is for the next births."""
        for kind, left in numbers.items():
            self._numbers[kind] = sorted([*self._numbers.get(kind, ()), *left])

    async def resolve(self, tx: Reading, lookups: Iterable[Lookup]) -> tuple[dict[Lookup, str], set[Lookup]]:
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

    def _lanes_of(self, works: Sequence[Work], lookups: Mapping[Lookup, str]) -> set[int]:
        """Lanes of what may be born here. Those of what is there already are seen when it is read."""
        keys = {work.cause.lane_key for work in works}
        keys |= {id_of(order.about, lookups) for work in works for order in work.orders if order.about}
        return {self.lane_of(key) for key in keys if key}


def decisions(made: Made, began: int) -> Iterator[Span]:
    """A span of each command that made facts: from the beginning of its transaction to the end."""
    facts: dict[str, list[Head]] = {}
    for _, event in made.events:
        if event.head.traceparent and kept(event.head.traceparent):
            facts.setdefault(event.head.traceparent, []).append(event.head)
    ended = epoch_nanoseconds()
    for trace, heads in facts.items():
        parent, command = made.causes[trace]
        said = {
            "huddle.facts": tuple(head.type for head in heads),
            "huddle.fact_ids": tuple(head.event_id for head in heads),
            "huddle.correlation_id": heads[0].correlation_id,
        }
        yield Span(
            f"decide {heads[0].aggregate_type}.{command}", "internal", trace, parent, began, ended, said
        )


def lookup_kind(lookup: Lookup) -> str:
    return f"{lookup.kind}.{lookup.name}"


def born(working: WorkingSet, kind: str, aggregate_id: str) -> bool:
    entry = working.entries.get((kind, aggregate_id))
    return entry is not None and entry.loaded_version == 0 and entry.version > 0
