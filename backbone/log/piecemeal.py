"""Work that fails as a whole is taken apart: everything else is done, and what fails alone is given up.

An error may come from the infrastructure or from the work itself, and its class does not tell: a connection also breaks
when a decider takes too long. So what may pass is tried again, and it counts against the work only while the database
answers: during an outage nothing is ever given up.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable

from backbone.errors import Conflict, Fatal, Outage, Retryable
from backbone.store.port import Store
from backbone.telemetry import log

PATIENCE = 5
"""How often in a row the same work may fail with the same passing error while the database answers."""
PAUSE_SECONDS = 0.1

Attempt = Callable[[int], Awaitable[bool]]
"""Does at most that many of what is left, together or not at all. Is anything left?"""
GiveUp = Callable[[Exception], Awaitable[bool]]
"""Sets the next one aside for this error. Is anything left?"""


class Piecemeal:
    """What failed, and how often."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._failed: dict[Hashable, tuple[str, int]] = {}
        self._turn = asyncio.Lock()

    async def work_off(self, what: Hashable, most: int, attempt: Attempt, give_up: GiveUp) -> None:
        """All of `what`, at most `most` at once. Raises Retryable: nothing is lost, do the same again later."""
        try:
            while await attempt(most):
                pass
        except (Fatal, Outage):
            raise
        except Exception as error:
            if isinstance(error, Retryable) and not await self._too_often(what, error):
                raise
            log.warning("work taken apart", extra={"place": str(what), "error": kind_of(error)})
            await self._taken_apart(most, attempt, give_up)
        self._failed.pop(what, None)

    async def _taken_apart(self, most: int, attempt: Attempt, give_up: GiveUp) -> None:
        """Fewer at once after a failure, more after a success."""
        left, size = True, max(1, most // 2)
        while left:
            try:
                left = await attempt(size)
                size = min(most, size * 2)
            except (Fatal, Outage):
                raise
            except Exception as error:
                if size == 1 and isinstance(error, Retryable):
                    left = await self._alone(error, attempt, give_up)
                elif size == 1:
                    left = await give_up(error)
                size = max(1, size // 2)

    async def _alone(self, error: Exception, attempt: Attempt, give_up: GiveUp) -> bool:
        """The next one by itself, and no other one meanwhile: a slow one makes transactions of others fail."""
        async with self._turn:
            for _ in range(PATIENCE):
                if not await self._answers(error):
                    raise error
                await asyncio.sleep(PAUSE_SECONDS)
                try:
                    return await attempt(1)
                except (Fatal, Outage):
                    raise
                except Exception as again:
                    error = again
            return await give_up(error)

    async def _too_often(self, what: Hashable, error: Exception) -> bool:
        if not await self._answers(error):
            self._failed.pop(what, None)
            return False
        kind, times = self._failed.get(what, ("", 0))
        times = times + 1 if kind == kind_of(error) else 1
        self._failed[what] = kind_of(error), times
        return times >= PATIENCE

    async def _answers(self, error: Exception) -> bool:
        """Who finds that somebody else wrote first was answered."""
        return isinstance(error, Conflict) or await self._store.answers()


def behind(error: Exception) -> Exception:
    """What a Retryable stands for."""
    cause = error.__cause__
    return cause if isinstance(error, Retryable) and isinstance(cause, Exception) else error


def kind_of(error: Exception) -> str:
    return type(behind(error)).__name__
