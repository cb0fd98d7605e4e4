"""What waits for one partition number: runs of all topics, in turn, each joined with those that follow it."""

import asyncio
from collections import deque
from collections.abc import Sequence

from backbone.log.records import Record, Run

AT_ONCE = 1_000
"""Records in one transaction."""
HEAVY_BYTES = 16 * 1024
"""A larger record counts as several, here and wherever records that wait are counted."""


class Lane:
    """What waits for one partition number."""

    def __init__(self) -> None:
        self.queues: dict[str, deque[Run]] = {}
        self.wake = asyncio.Event()
        self.timers_due = False
        self.in_hand: str | None = None
        """The topic whose run is being handled."""
        self.task: asyncio.Task[None] | None = None

    def take(self, topic: str) -> None:
        """Runs of this topic may wait here from now on."""
        self.queues.setdefault(topic, deque())

    def next_run(self) -> Run | None:
        """The next run, joined with those that follow it without a seek between them."""
        for topic, queue in self.queues.items():
            if queue:
                run = queue.popleft()
                records = list(run.records)
                room = AT_ONCE - weight(records)
                while queue and follows(queue[0], records[-1].offset):
                    room -= weight(queue[0].records)
                    if room < 0:
                        break
                    records.extend(queue.popleft().records)
                self.queues[topic] = self.queues.pop(topic)
                return run._replace(records=records)
        return None


def weight(records: Sequence[Record]) -> int:
    """How many records of usual size they are."""
    return sum(1 + len(record.value or b"") // HEAVY_BYTES for record in records)


def follows(run: Run, offset: int) -> bool:
    """Only a run that was fetched from right behind the other one may be joined to it."""
    return run.fetch_position == offset + 1
