"""An open view of a queue: the changes as they commit, and what becomes overdue by time alone."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import msgspec

from backbone.engine.runtime import Runtime
from backbone.http.live import Feed, stream
from backbone.store.live import Cursor
from schemas.codes import Queue
from schemas.queue import QueueItem
from schemas.topics import queue_topic
from services.worklist.queue.decide import overdue
from services.worklist.queue.documents import row_document
from services.worklist.queue.queries import still_there


class View:
    """What one reader was told of a queue."""

    def __init__(self, runtime: Runtime, feed: Feed, queue: Queue) -> None:
        self._runtime = runtime
        self._feed = feed
        self._queue = queue
        self._due: dict[str, datetime] = {}

    async def frames(self, since: Cursor | None) -> AsyncIterator[bytes]:
        """For ever: `reset`, `item`, `gone`, `beat`."""
        async for frame in stream(self._feed, [queue_topic(self._queue)], since, self.render):
            yield frame
            late = await self._late()
            if late:
                yield b"".join(late)

    def render(self, value: bytes) -> Any:
        """A row with its place; its due time is kept in mind until it has passed."""
        row, now = QueueItem.model_validate_json(value), self._runtime.clock.now()
        self._due.pop(row.item_id, None)
        if row.due_at is not None and not overdue(row, now):
            self._due[row.item_id] = row.due_at
        return row_document(row, now, self._runtime.rules)

    async def _late(self) -> list[bytes]:
        """Items that became overdue since the last frame and are still there. Frames without an id."""
        now = self._runtime.clock.now()
        ids = [item_id for item_id, due_at in self._due.items() if due_at <= now]
        if not ids:
            return []
        for item_id in ids:
            del self._due[item_id]
        async with self._runtime.connection() as connection:
            rows = await still_there(connection, self._queue, ids)
        return [b"event: item\ndata: %s\n\n" % msgspec.json.encode(self.render(row)) for row in rows]
