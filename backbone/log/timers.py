"""Due rows → commands. A timer goes through the same decide as everything else, once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from backbone.clock import Clock, epoch_nanoseconds
from backbone.engine.engine import Engine
from backbone.engine.work import Poisoned, Work
from backbone.ids import timer_cause
from backbone.model.aggregate import One, Order, Send
from backbone.model.head import SYSTEM, Cause
from backbone.store.locks import Locks
from backbone.store.port import Store, Transaction
from backbone.store.rows import Named, TimerRow, Writes
from backbone.store.transact import transact
from backbone.telemetry import Metrics, log
from backbone.tracing import Span, begun, kept

AT_ONCE = 500
POSTPONED = timedelta(hours=1)
"""A timer that fails is tried again after this time: it is somebody's work that must not be lost."""


async def fire_due(
    engine: Engine, store: Store, clock: Clock, metrics: Metrics, lane: int, most: int
) -> bool:
    """Fire what is due in the lane, in due order, at most that many at once. Is more due?"""
    fired = await transact(store, lambda tx: _fire(engine, tx, clock, lane, most), only(lane))
    for row, error in fired.postponed:
        tell(row, error, metrics)
    return fired.more


class Fired(NamedTuple):
    """Is more due, and what could not be fired?"""

    more: bool
    postponed: Sequence[tuple[TimerRow, Exception]] = ()


async def _fire(engine: Engine, tx: Transaction, clock: Clock, lane: int, most: int) -> Fired:
    now = clock.now()
    rows = await tx.due_timers(lane, now, most)
    if not rows:
        return Fired(False)
    began = epoch_nanoseconds()
    works, failed = read(engine, rows)
    while True:
        try:
            result = await engine.carry_out(tx, list(works.values()), now)
            break
        except Poisoned as poisoned:
            for work, error in poisoned.errors:
                assert work.timer is not None
                del works[work.timer]
                failed[work.timer] = error
    changed = {*result.writes.timers_dropped, *(row.place for row in result.writes.timers_set)}
    postponed = [row for row in rows if row.place in failed and row.place not in changed]
    result.writes.timers_set.extend(row._replace(due=now + POSTPONED) for row in postponed)
    await tx.write(result.writes)
    if engine.spans.on:
        tx.committed.append(lambda: engine.spans.tell(fired(works.values(), began)))
    more = len(rows) == most or any(row.lane == lane and row.due <= now for row in result.writes.timers_set)
    return Fired(more, [(row, failed[row.place]) for row in postponed])


def fired(works: Iterable[Work], began: int) -> Iterator[Span]:
    """What a timer brings about begins a trace: what armed it may be a year ago."""
    ended = epoch_nanoseconds()
    for work in works:
        assert work.timer is not None and work.cause.traceparent is not None
        if not kept(work.cause.traceparent):
            continue
        name = f"timer {work.timer.kind}.{work.timer.name}"
        yield Span(name, "internal", work.cause.traceparent, None, began, ended)


async def postpone(store: Store, clock: Clock, metrics: Metrics, lane: int, error: Exception) -> bool:
    """The first timer that is due can't be fired at all. Was there one?"""
    rows = await transact(store, lambda tx: _postpone(tx, clock, lane), only(lane))
    for row in rows:
        tell(row, error, metrics)
    return bool(rows)


async def _postpone(tx: Transaction, clock: Clock, lane: int) -> Sequence[TimerRow]:
    now = clock.now()
    rows = await tx.due_timers(lane, now, 1)
    await tx.write(Writes(timers_set=[row._replace(due=now + POSTPONED) for row in rows]))
    return rows


def only(lane: int) -> Locks:
    return Locks(lanes=frozenset([lane]))


def tell(row: TimerRow, error: Exception, metrics: Metrics) -> None:
    metrics.timers_failed.inc()
    log.error("timer failed", extra={"aggregate": row.aggregate_kind}, exc_info=error)


def read(engine: Engine, rows: Sequence[TimerRow]) -> tuple[dict[Named, Work], dict[Named, Exception]]:
    """The work of each timer, or why this version can't read it."""
    works, failed = {}, {}
    for row in rows:
        try:
            works[row.place] = timer_work(engine, row)
        except Exception as error:
            failed[row.place] = error
    return works, failed


def timer_work(engine: Engine, row: TimerRow) -> Work:
    """The command of a due timer, caused by the timer and its due time."""
    aggregate = engine.kinds[row.aggregate_kind]
    identity = timer_cause(row.place, row.due)
    cause = Cause(
        id=identity,
        at=row.due,
        actor=SYSTEM,
        correlation_id=identity,
        lane_key=row.lane_key,
        pathway_id=row.pathway_id,
        traceparent=begun(identity, engine.spans.keeps),
        source="timer",
    )
    command = aggregate.command_decoder.decode(row.command)
    send = Send(aggregate, command, One(row.aggregate_id))
    return Work(cause, [Order((send,))], timer=row.place)
