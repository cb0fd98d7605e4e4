"""Topics that the broker does not have: nobody is told by the broker, and what should come over them does not."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from backbone.brokers import Brokers
from backbone.telemetry import log

LOOK_SECONDS = 30.0


class Missing:
    """Looks while the process lives. `names` are those that were missing at the last look."""

    def __init__(self, kafka: Brokers, topics: Iterable[str], every: float = LOOK_SECONDS) -> None:
        self.names: tuple[str, ...] = ()
        self._kafka = kafka
        self._topics = frozenset(topics)
        self._every = every

    async def watch(self) -> None:
        """Until cancelled. A broker that is away is said elsewhere."""
        while True:
            with suppress(KafkaError, OSError):
                await self._look()
            await asyncio.sleep(self._every)

    async def _look(self) -> None:
        admin = AIOKafkaAdminClient(**self._kafka.arguments)
        try:
            await admin.start()
            found = tuple(sorted(self._topics.difference(await admin.list_topics())))
        finally:
            await admin.close()
        if found and found != self.names:
            log.warning(sentence(found))
        self.names = found


def sentence(names: Iterable[str]) -> str:
    return (
        f"kafka: the broker has no topic {', '.join(names)}. Make it (`python -m cli.preparing`), then start this "
        "process again; what waits in outboxes is sent then"
    )
