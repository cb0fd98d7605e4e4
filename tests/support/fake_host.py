"""A host that only notes where it was told to seek."""

from collections.abc import Collection, Mapping

from aiokafka.errors import KafkaError


class FakeHost:
    """A log from 0 to 1,000 that is always at its end."""

    def __init__(self) -> None:
        self.seeks: list[tuple[str, int, int]] = []
        self.denial: KafkaError | None = None

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        return 0, 1_000

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

    async def commit(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """Nobody looks."""
