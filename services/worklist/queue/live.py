"""An open view of a queue: how its rows are drawn, and when they look otherwise by time alone."""

from collections.abc import Callable

import msgspec

from backbone.engine.runtime import Runtime
from backbone.http.frames import Drawn
from schemas.queue import QueueItem
from services.worklist.queue.decide import turns
from services.worklist.queue.documents import row_document


def drawing(running: Runtime, hidden: frozenset[str] = frozenset()) -> Callable[[bytes], Drawn]:
    """A row with its place, without what is hidden."""

    def draw(value: bytes) -> Drawn:
        row = QueueItem.model_validate_json(value)
        document = row_document(row, running.clock.now(), running.rules, hidden)
        return Drawn(msgspec.json.encode(document), turns(row, running.rules.calendar))

    return draw
