"""What fails because the infrastructure does is done again until it is back; what that takes long is said."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from backbone.clock import monotonic
from backbone.errors import Outage, Retryable, Stopped
from backbone.telemetry import ThrottledLog

BACK_OFF_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
LONG_SECONDS = 30.0
"""After this time somebody has to hear of it: a failover is over by then."""
T = TypeVar("T")


class Patience:
    """Of one process."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._log = ThrottledLog()
        self._waits: dict[object, tuple[float, str]] = {}
        """What the database fails to do, since when, and why."""

    async def outlast(self, work: Callable[[], Awaitable[T]]) -> T:
        """The same again until the infrastructure is back."""
        attempt, began = 0, self._now()
        try:
            while True:
                try:
                    return await work()
                except Retryable as error:
                    self._log.warning("waiting for the infrastructure", error=str(error)[:200])
                    if isinstance(error, Outage) and not isinstance(error, Stopped):
                        self._waits[work] = began, str(error)[:200]
                pause = BACK_OFF_SECONDS[min(attempt, len(BACK_OFF_SECONDS) - 1)]
                attempt += 1
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))
        finally:
            self._waits.pop(work, None)

    def long(self) -> Iterator[str]:
        """That something has waited for the database for long, in a sentence."""
        began, why = min(self._waits.values(), default=(self._now(), ""))
        if (waited := self._now() - began) > LONG_SECONDS:
            yield f"database: for {waited:.0f} s what came in could not be handled, and is tried again: {why}"
