"""A host that only notes where it was told to seek."""

from collections.abc import Collection, Mapping

from aiokafka.errors import KafkaError

from backbone.errors import Retryable
from backbone.log.records import Seen


class FakeHost:
    """A log from 0 to 1,000 that is always at its end."""

    def __init__(self) -> None:
        self.seeks: list[tuple[str, int, int]] = []
        self.denial: KafkaError | None = None
        self.topic_id = "0b0e8c7e-5c0e-4f5b-8c2e-7a4f4d2f9a07"
        self.without: set[str] = set()
        self.reached = True
        self.commits: list[Mapping[tuple[str, int], int]] = []
        self.takes = True

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        return 0, 1_000

    async def seen(self, topics: Collection[str]) -> Mapping[str, Seen]:
        if not self.reached:
            raise Retryable("no broker")
        return {topic: Seen(self.topic_id, 12) for topic in topics if topic not in self.without}

    async def at_end(self, places: Collection[tuple[str, int]]) -> bool:
        return True

    def handed_out(self, topic: str, partition: int) -> int | None:
        return None

    def left(self, topic: str, partition: int) -> int | None:
        return 0

    def denied(self) -> KafkaError | None:
        return self.denial

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        self.seeks.append((topic, partition, offset))

    async def commit(self, offsets: Mapping[tuple[str, int], int]) -> bool:
        self.commits.append(offsets)
        return self.takes
