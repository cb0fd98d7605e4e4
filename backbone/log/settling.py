"""One call that waits until a process has nothing left to do. For whoever moves the simulated clock.

Between the calls rows wait to be sent, so that what many commands lead to goes and comes together.

An answer says nothing about a record on its way to the process. So the question names what must be handled, as the
offset behind the last record of a partition, and the answer what was sent; `simulator/rest.py` puts the answers of all
together.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from backbone.clock import Clock
from backbone.log.lanes import Lanes, Place
from backbone.log.relay import Relay, Sent
from backbone.store.port import Store

LOOK_SECONDS = 0.2
"""Looked at besides what this process ends itself: an effect may be free again, a lost connection come back."""


class Settled(NamedTuple):
    """`term`: what was sent before it began is not in `sent`. `next_due`: the least due time of all timers."""

    term: str
    sent: Mapping[Sent, int]
    next_due: datetime | None


class Settling:
    """Of the one process of a service."""

    def __init__(self, store: Store, clock: Clock, lanes: Lanes, relay: Relay) -> None:
        self._store = store
        self._clock = clock
        self._lanes = lanes
        self._relay = relay

    async def settle(self, handled: Mapping[Place, int], *, ends: bool) -> Settled:
        """Wait until nothing is left to do, and everything below these offsets is handled; with `ends`, everything that
        the broker has now."""
        while True:
            ended = self._lanes.progress.next_end
            if settled := await self._look(handled, ends=ends):
                self._relay.open.clear()
                return settled
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), LOOK_SECONDS)

    async def _look(self, handled: Mapping[Place, int], *, ends: bool) -> Settled | None:
        """What is read from the database holds together if meanwhile nothing was under way and nothing ended."""
        before, term = self._lanes.progress.next_end, self._relay.term
        if term is None or not self._lanes.still(handled) or (ends and not await self._lanes.at_ends()):
            return None
        left = await self._store.left()
        if left.next_due and left.next_due <= self._clock.now():
            await self._lanes.fire_timers()
            return None
        if left.unsent:
            self._relay.open.set()
        same = before is self._lanes.progress.next_end and term == self._relay.term
        if not same or not self._lanes.still(handled) or left.unsent or left.uncalled:
            return None
        return Settled(term, dict(self._relay.sent), left.next_due)
