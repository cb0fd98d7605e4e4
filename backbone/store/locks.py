"""Locks in one order, so that no two transactions wait for each other: a request, lanes by number, rows without a lane.

A transaction waits only for what comes after everything that it holds. What comes before it is taken if it is free; if
not, the transaction begins again and takes all of it from the start, in order.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from backbone.errors import Retryable
from backbone.store.rows import Once

Place = tuple[str, str]
"""(kind, aggregate id)"""


@dataclass(frozen=True, slots=True)
class Locks:
    """`once` is a request's idempotency key, `rows` are aggregates that belong to no lane."""

    once: Once | None = None
    lanes: frozenset[int] = frozenset()
    rows: frozenset[Place] = frozenset()


NO_LOCKS = Locks()


class OutOfOrder(Retryable):
    """Something that comes before what is held is not free. `locks` is all that the transaction must begin with."""

    def __init__(self, locks: Locks) -> None:
        super().__init__("locks are taken anew, in order")
        self.locks = locks


@dataclass(slots=True)
class Held:
    """What an open transaction holds so far."""

    locks: Locks = field(default_factory=Locks)
    wrote: bool = False
    """Who wrote may be waited for by somebody whose locks come later: from then on nothing is waited for."""

    def add(self, *, lanes: Collection[int] = (), rows: Collection[Place] = ()) -> Locks:
        """All that is held with these."""
        return replace(self.locks, lanes=self.locks.lanes.union(lanes), rows=self.locks.rows.union(rows))

    def before_lanes(self, lanes: Collection[int]) -> bool:
        """May these be waited for?"""
        lower = not self.locks.lanes or max(self.locks.lanes) < min(lanes)
        return lower and not self.locks.rows and not self.wrote

    def before_rows(self, rows: Collection[Place]) -> bool:
        return not self.wrote and (not self.locks.rows or max(self.locks.rows) < min(rows))
