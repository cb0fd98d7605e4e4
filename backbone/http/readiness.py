"""Whether a process is of use: the database answers, the consumer has joined, and what was decided gets out."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from backbone.clock import Clock
from backbone.store.port import Store
from config.calendar import BusinessCalendar

ANSWER_SECONDS = 1.0
"""A probe is told within this time, however slow the database is."""
OUTBOX_PATIENCE_SECONDS = 60


class Hosted(Protocol):
    """What the consuming and the sending side say."""

    @property
    def joined(self) -> Callable[[], bool]: ...

    @property
    def stands_by(self) -> Callable[[], bool]:
        """Another process sends."""

    @property
    def strange(self) -> Callable[[], Sequence[str]]:
        """What is not as we know it in Kafka, or fails for long, a sentence each."""

    @property
    def relay_waits(self) -> Callable[[], float]:
        """Seconds since which it has neither sent nor stood by."""

    @property
    def outbox_patience(self) -> int:
        """Seconds."""


def calendar_notices(rules: Any, now: datetime) -> Sequence[str]:
    """That the calendar ends soon: nothing fails, but somebody must know it in time."""
    calendar = getattr(rules, "calendar", None)
    return calendar.notices(now) if isinstance(calendar, BusinessCalendar) else ()


class Readiness:
    """One look at the database at a time, however many ask."""

    def __init__(self, store: Store, clock: Clock, hosted: Hosted) -> None:
        self._store = store
        self._clock = clock
        self._hosted = hosted
        self._look: asyncio.Future[datetime | None] | None = None

    async def problems(self) -> Sequence[str]:
        """In sentences; none when it is ready."""
        problems = [] if self._hosted.joined() else ["kafka: the consumer has not joined its group yet"]
        problems += self._hosted.strange()
        if (waits := self._hosted.relay_waits()) > self._hosted.outbox_patience:
            problems.append(
                f"relay: it has waited {waits:.0f} s for Kafka to let it lead, and sends nothing before "
                "(docs/runbook.md, HuddleRelayDoesNotLead)"
            )
        try:
            oldest = await self._oldest_unsent()
        except Exception as error:
            return [*problems, f"database: {type(error).__name__}"]
        waited = (self._clock.now() - oldest).total_seconds() if oldest else 0.0
        if waited > self._hosted.outbox_patience and not self._hosted.stands_by():
            problems.append(
                f"outbox: its oldest row has waited {waited:.0f} s to be sent to Kafka, and the log says why "
                f"(HUDDLE_OUTBOX_PATIENCE is {self._hosted.outbox_patience} s)"
            )
        return problems

    async def _oldest_unsent(self) -> datetime | None:
        if self._look is None or self._look.done():
            self._look = asyncio.ensure_future(self._store.oldest_unsent())
            self._look.add_done_callback(lambda look: look.cancelled() or look.exception())
        await asyncio.wait([self._look], timeout=ANSWER_SECONDS)
        if not self._look.done():
            raise TimeoutError
        return self._look.result()
