"""A core that keeps its positions and what it handled in memory, and can be told to fail."""

import asyncio
from collections.abc import Collection

from backbone.errors import OffsetLost, Retryable, Stopped
from backbone.log.records import Run


class FakeCore:
    """Exact about offsets, like the real one; shared between hosts, as a database is."""

    def __init__(self, *topics: str) -> None:
        self.topics = frozenset(topics)
        self.needs = self.topics
        self.partitions: int | None = None
        self.positions: dict[tuple[str, int], int] = {}
        self.handled: list[tuple[str, int, int, bytes | None]] = []
        self.down = False
        self.fail_next = 0
        self.slow = 0.0
        self.skip_back_once = False
        self.error: Exception | None = None
        self.strange: str | None = None

    async def position(
        self, topic: str, partition: int, beginning: int, end: int, topic_id: str | None = None
    ) -> int:
        self._check()
        if self.strange:
            raise Stopped(f"{topic}/{partition}: {self.strange}")
        position = self.positions.setdefault((topic, partition), beginning)
        if position < beginning:
            raise OffsetLost("lost")
        return position

    async def handle(self, run: Run) -> int:
        if self.slow:
            await asyncio.sleep(self.slow)
        self._check()
        place = (run.topic, run.partition)
        stored = self.positions[place]
        if run.fetch_position > stored:
            return stored
        for record in run.records:
            if record.offset >= stored:
                self.handled.append((*place, record.offset, record.value))
        self.positions[place] = max(stored, run.records[-1].offset + 1)
        return self.positions[place]

    def _check(self) -> None:
        if self.error:
            raise self.error
        if self.down:
            raise Retryable("the database is away")
        if self.fail_next:
            self.fail_next -= 1
            raise Retryable("a deadlock")

    async def due_lanes(self, lanes: Collection[int]) -> Collection[int]:
        return ()

    async def fire_timers(self, lane: int) -> None:
        return None
