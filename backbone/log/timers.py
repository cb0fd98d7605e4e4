"""Due rows → commands. A timer goes through the same decide as everything else, once."""

from datetime import timedelta

from backbone.clock import Clock
from backbone.engine.engine import Engine
from backbone.engine.work import Poisoned, Work
from backbone.ids import timer_cause
from backbone.model.aggregate import One, Order, Send
from backbone.model.head import SYSTEM, Cause
from backbone.store.locks import Locks
from backbone.store.port import Store, Transaction
from backbone.store.rows import TimerRow
from backbone.store.transact import transact
from backbone.telemetry import log

AT_ONCE = 500
POSTPONED = timedelta(hours=1)
"""A timer whose decider fails is tried again after this time: it is somebody's work that must not be lost."""


async def fire_due(engine: Engine, store: Store, clock: Clock, lane: int) -> None:
    """Fire everything in the lane that is due, in due order."""
    locks = Locks(lanes=frozenset([lane]))
    while await transact(store, lambda tx: _fire_some(engine, tx, clock, lane), locks):
        continue


async def _fire_some(engine: Engine, tx: Transaction, clock: Clock, lane: int) -> bool:
    """Were there any?"""
    now = clock.now()
    rows = await tx.due_timers(lane, now, AT_ONCE)
    if not rows:
        return False
    works = {(row.aggregate_id, row.name): timer_work(engine, row) for row in rows}
    postponed: list[TimerRow] = []
    while True:
        try:
            result = await engine.carry_out(tx, list(works.values()), now)
            break
        except Poisoned as poisoned:
            assert poisoned.work.timer is not None
            del works[poisoned.work.timer]
            [row] = [row for row in rows if (row.aggregate_id, row.name) == poisoned.work.timer]
            postponed.append(row._replace(due=now + POSTPONED))
            log.error(
                "timer failed",
                extra={"aggregate": row.aggregate_kind, "error": type(poisoned.error).__name__},
            )
    result.writes.timers_set.extend(postponed)
    await tx.write(result.writes)
    return True


def timer_work(engine: Engine, row: TimerRow) -> Work:
    """The command of a due timer, caused by the timer and its due time."""
    aggregate = engine.kinds[row.aggregate_kind]
    identity = timer_cause(row.aggregate_id, row.name, row.due)
    cause = Cause(
        id=identity,
        at=row.due,
        actor=SYSTEM,
        correlation_id=identity,
        lane_key=row.lane_key,
        pathway_id=row.pathway_id,
        source="timer",
    )
    command = aggregate.command_decoder.decode(row.command)
    send = Send(aggregate, command, One(row.aggregate_id))
    return Work(cause, [Order((send,))], timer=(row.aggregate_id, row.name))
