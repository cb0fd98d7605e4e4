"""One transaction, begun again while it turns out to need locks that come before those it holds."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from backbone.errors import Deadlock
from backbone.store.locks import NO_LOCKS, Locks, OutOfOrder
from backbone.store.port import Store, Transaction

T = TypeVar("T")

DEADLOCKS = 5
"""How often a transaction is done again at once after a deadlock. The order of locks leaves none that we know of."""


async def transact(store: Store, work: Callable[[Transaction], Awaitable[T]], locks: Locks = NO_LOCKS) -> T:
    """Do the work in a transaction that begins with these locks; what it did in vain before is undone."""
    deadlocks = 0
    while True:
        try:
            async with store.transaction() as tx:
                await tx.lock(locks)
                done = await work(tx)
            for tell in tx.committed:
                tell()
            return done
        except OutOfOrder as wanted:
            locks = wanted.locks
        except Deadlock:
            deadlocks += 1
            if deadlocks == DEADLOCKS:
                raise
