"""Live views of topics: one queue as a table, and events as they pass."""

from typing import NamedTuple

from rich.console import Console
from rich.live import Live

from backbone.brokers import Brokers
from cli.reading import Message, messages, reader
from cli.times import zone
from cli.views import applied, event_line, queue_table
from schemas.queue import QueueItem
from schemas.services import NAMES
from schemas.topics import events_topic, queue_topic


class Filter(NamedTuple):
    """Which events to show; None shows all."""

    service: str | None = None
    type: str | None = None
    patient: str | None = None

    def shows(self, message: Message) -> bool:
        headers = message.headers
        return (
            (self.service is None or headers.get("ce_source") == self.service)
            and (self.type is None or self.type in headers.get("ce_type", ""))
            and (self.patient is None or headers.get("ce_patientid", "").startswith(self.patient))
        )


async def watch(brokers: Brokers, queue: str) -> None:
    """Until interrupted. Nothing but the compacted topic is asked."""
    rows: dict[str, QueueItem] = {}
    async with reader(brokers, queue_topic(queue), beginning=True) as consumer:
        console = Console()
        with Live(
            queue_table(queue, rows, zone(), console.width), console=console, auto_refresh=False
        ) as live:
            async for found in messages(consumer):
                if applied(rows, found):
                    live.update(queue_table(queue, rows, zone(), console.width), refresh=True)


async def tail(brokers: Brokers, chosen: Filter, beginning: bool) -> None:
    """Until interrupted."""
    topics = [events_topic(service) for service in NAMES]
    async with reader(brokers, *topics, beginning=beginning) as consumer:
        async for found in messages(consumer):
            for message in sorted(found, key=lambda one: one.headers.get("ce_recordedtime", "")):
                if chosen.shows(message):
                    print(event_line(message, zone()), flush=True)
