"""What HTTP sees of a service: give orders and be answered when they are committed; load states; look at what waits."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from backbone.clock import Clock
from backbone.engine.engine import Engine
from backbone.engine.marks import marks, ruled_fact
from backbone.engine.wanted import Key, Wanted
from backbone.engine.work import Poisoned, Refusal, Work
from backbone.errors import Conflict, KeyReused
from backbone.ids import random_id
from backbone.model.aggregate import Aggregate, Lookup, Order, Send, as_order
from backbone.model.column import Flag, Has, all_of
from backbone.model.head import SYSTEM, Cause, Event
from backbone.model.person import PERSON, walk
from backbone.model.service import Service
from backbone.model.snapshot import Snapshot, Unverified
from backbone.store.locks import Locks
from backbone.store.port import Reading, Store, Transaction
from backbone.store.rows import Answer, ListedState, Once, RuleUse, StoredState, Writing
from backbone.store.transact import transact
from config.governed import GovernedFiles
from schemas.fact import Fact

S = TypeVar("S")
AT_ONCE = 500
"""Of what has begun of somebody, at most as many are read at once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request's orders came to."""

    refusal: Refusal | None
    snapshots: Mapping[tuple[str, str], Snapshot[Any]]
    events: Sequence[Event[Any]]
    parked: bool

    def one(self, aggregate: Aggregate[S]) -> Snapshot[S]:
        """The only aggregate of this kind that the orders addressed."""
        [snapshot] = [found for (kind, _), found in self.snapshots.items() if kind == aggregate.kind]
        return snapshot


class Told(NamedTuple):
    """A fact of a journal: about what, when, by whom."""

    aggregate_id: str
    occurred_at: datetime
    actor_id: str | None
    fact: Any


ATTEMPTS = 5
"""How often a request is repeated when somebody else wrote first."""


class Runtime:
    """One service in one process."""

    def __init__(self, engine: Engine, store: Store, clock: Clock) -> None:
        self.engine = engine
        self.store = store
        self.clock = clock

    @property
    def service(self) -> Service:
        return self.engine.service

    @property
    def rules(self) -> Any:
        """As they apply on the clinic's day."""
        return self.engine.rules_at(self.clock.now())

    async def order(
        self,
        cause: Cause,
        orders: Sequence[Order | Send],
        answer: Callable[[Outcome], Answer],
        once: Once | None = None,
    ) -> Answer:
        """Carry the orders out in one transaction, with the answer kept under the idempotency key.

        What was refused is decided anew when it is asked again: a refusal writes nothing.

        Raises KeyReused when the key was first used with another request, Poisoned on a bug.
        """
        given = [as_order(order) for order in orders]
        for attempt in range(ATTEMPTS):
            try:
                with self.store.retryable():
                    work = partial(self._order, cause, given, answer, once)
                    return await transact(self.store, work, Locks(once))
            except Conflict:
                if attempt == ATTEMPTS - 1:
                    raise
            except Poisoned as poisoned:
                raise poisoned.error from poisoned
        raise AssertionError("unreachable")

    async def _order(
        self,
        cause: Cause,
        orders: list[Order],
        answer: Callable[[Outcome], Answer],
        once: Once | None,
        tx: Transaction,
    ) -> Answer:
        if once is not None:
            stored = await tx.stored_answer(once)
            if stored is not None and stored.body_hash != once.body_hash:
                raise KeyReused("this Idempotency-Key was first used with another request")
            if stored is not None:
                return stored.answer
        now = self.clock.now()
        work = Work(cause, orders)
        result = await self.engine.carry_out(tx, [work], now)
        addressed = Wanted()
        for order in orders:
            addressed.add_targets(order, result.lookups)
        entries = {key: result.working.entries[key] for key in addressed.states}
        new = [event for _, event in result.made.events]
        marked = await self._marks(tx, [entry.id for entry in entries.values()], new)
        snapshots = {
            key: Snapshot(
                *key, entry.version, entry.state, entry.lane_key, entry.pathway_id, marked.get(key, ())
            )
            for key, entry in entries.items()
        }
        lane_keys = {snapshot.lane_key for snapshot in snapshots.values() if snapshot.lane_key}
        parked = [await tx.is_parked(lane_key) for lane_key in lane_keys]
        given = answer(Outcome(work.refusal, snapshots, new, any(parked)))
        await tx.write(result.writes)
        if once is not None and work.refusal is None:
            await tx.keep_answer(once, given, now, min(lane_keys, default=None))
        return given

    async def begin(self) -> None:
        """What the service asks of itself when it starts."""
        if orders := list(self.service.at_start(self.rules)):
            identity = random_id()
            cause = Cause(identity, self.clock.now(), SYSTEM, identity)
            await self.order(cause, orders, lambda _: Answer(204, b""))

    async def _marks(
        self, tx: Reading, ids: Sequence[str], new: Sequence[Event[Any]] = ()
    ) -> Mapping[Key, tuple[Unverified, ...]]:
        """Which rules that nobody has verified made these what they are. `new` facts are not written yet."""
        if not (ids and self._unverified):
            return {}
        facts = [ruled_fact(event) for event in new if event.head.rules]
        return marks(self._unverified, [*await tx.ruled(ids), *facts])

    @property
    def _unverified(self) -> Mapping[str, tuple[str, ...]]:
        """What nobody has verified, by rule."""
        rules = self.engine.stated
        return rules.unverified if isinstance(rules, GovernedFiles) else {}

    async def load(self, aggregate: Aggregate[S], aggregate_id: str) -> Snapshot[S] | None:
        """An aggregate by id, as committed."""
        with self.store.retryable():
            async with self.store.reading() as tx:
                rows = await tx.load(aggregate.kind, [aggregate_id])
                return next(iter(await self._shown(tx, aggregate, rows)), None)

    async def records(self, lane_key: str) -> tuple[str, ...]:
        """All ids of the person who is known by this one, this one first."""
        named: dict[str, tuple[str, ...]] = {}

        def others(record: str) -> tuple[str, ...]:
            return named.get(record, ())

        with self.store.retryable():
            async with self.store.reading() as tx:
                while unread := [each for each in walk(lane_key, others) if each not in named]:
                    rows = await tx.load(PERSON.kind, unread)
                    named |= dict.fromkeys(unread, ())
                    named |= {row.id: PERSON.state_decoder.decode(row.body).others for row in rows}
        return tuple(walk(lane_key, others))

    async def query(
        self, aggregate: Aggregate[S], statement: str, *values: str | int | Sequence[str] | None
    ) -> list[Snapshot[S]]:
        """Aggregates of a service's own statement, which selects id, version, body, lane key and pathway id."""
        async with self.connection() as connection:
            rows = await connection.fetch(statement, *values)
        marked: Mapping[Key, tuple[Unverified, ...]] = {}
        if rows and self._unverified:
            with self.store.retryable():
                async with self.store.reading() as tx:
                    marked = await self._marks(tx, [row[0] for row in rows])
        return shown(aggregate, rows, marked)

    async def _shown(
        self, tx: Reading, aggregate: Aggregate[S], rows: Sequence[StoredState | ListedState]
    ) -> list[Snapshot[S]]:
        """The same, in one reading with what they come from."""
        found = [(row.id, row.version, row.body, row.lane_key, row.pathway_id) for row in rows]
        return shown(aggregate, found, await self._marks(tx, [row.id for row in rows]))

    async def look_up(self, aggregate: Aggregate[S], key: Lookup) -> Snapshot[S] | None:
        """What stands for this key of the outside world, as committed."""
        with self.store.retryable():
            async with self.store.reading() as tx:
                ids, _ = await self.engine.resolve(tx, [key])
        found = await self.load(aggregate, ids[key])
        other = aggregate.leads_to(found.state) if found else None
        return await self.load(aggregate, other) if other else found

    async def find(self, aggregate: Aggregate[S], *conditions: Has | Flag) -> Sequence[Snapshot[S]]:
        """Aggregates that fulfil all conditions, as committed."""
        with self.store.retryable():
            async with self.store.reading() as tx:
                rows = await tx.select(aggregate, [all_of(*conditions)])
                return await self._shown(tx, aggregate, rows)

    async def content(self, ref: str) -> bytes | None:
        """A content body, unless it was erased."""
        return (await self.contents([ref])).get(ref)

    async def contents(self, refs: Sequence[str]) -> Mapping[str, bytes]:
        """Content bodies by ref; what was erased is not among them."""
        with self.store.retryable():
            async with self.store.reading() as tx:
                return await tx.contents(refs)

    async def writing(self, ref: str) -> Writing | None:
        """A content with its kind and whose it is."""
        with self.store.retryable():
            async with self.store.reading() as tx:
                return await tx.writing(ref)

    async def writings(
        self, lane_keys: Sequence[str], kinds: Collection[str], limit: int
    ) -> Sequence[Writing]:
        """What is written about somebody, under any of their ids, the latest first."""
        with self.store.retryable():
            async with self.store.reading() as tx:
                return await tx.writings(lane_keys, kinds, limit)

    async def begun(
        self, aggregate: Aggregate[S], lane_keys: Sequence[str], after: str | None, limit: int
    ) -> list[tuple[Snapshot[S], datetime]]:
        """What has begun of somebody, under any of their ids, in order of id, and when each changed last."""
        with self.store.retryable():
            async with self.store.reading() as tx:
                rows = await tx.begun(aggregate, lane_keys, after, limit)
                snapshots = await self._shown(tx, aggregate, rows)
        return [(each, row.changed_at) for each, row in zip(snapshots, rows, strict=True)]

    async def each_begun(
        self, aggregate: Aggregate[S], lane_keys: Sequence[str]
    ) -> AsyncIterator[Snapshot[S]]:
        """All that has begun of somebody, read in parts."""
        after = None
        while found := await self.begun(aggregate, lane_keys, after, AT_ONCE):
            for each, _ in found:
                yield each
            after = found[-1][0].id

    async def told(self, aggregate_ids: Sequence[str], *facts: type[Fact]) -> list[Told]:
        """What became of these, each one's facts of these types in order."""
        known = {fact.model_fields["type"].default: fact for fact in facts}
        with self.store.retryable():
            async with self.store.reading() as tx:
                rows = await tx.told(aggregate_ids, known.keys())
        return [
            Told(
                row.aggregate_id, row.occurred_at, row.actor_id, known[row.type].model_validate_json(row.data)
            )
            for row in rows
        ]

    async def rules_used(self) -> list[RuleUse]:
        """Which rules helped to decide facts, and when last."""
        with self.store.retryable():
            return list(await self.store.rules_used())

    def connection(self) -> AbstractAsyncContextManager[Any]:
        """A connection for this service's queries."""
        return self.store.connection()


def shown(
    aggregate: Aggregate[S], rows: Sequence[Sequence[Any]], marked: Mapping[Key, tuple[Unverified, ...]]
) -> list[Snapshot[S]]:
    kind, decode = aggregate.kind, aggregate.state_decoder.decode
    return [
        Snapshot(kind, row[0], row[1], decode(row[2]), row[3], row[4], marked.get((kind, row[0]), ()))
        for row in rows
    ]
