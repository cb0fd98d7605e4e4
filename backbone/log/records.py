"""What crosses the seam between a host and the core: records, runs of records, and what the core does with them."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from aiokafka.errors import KafkaError


class Record(NamedTuple):
    """One Kafka record. `timestamp` is in milliseconds since the epoch, as its producer wrote it.

    `problem`: it could not be unpacked, and why; then there is nothing of it but its offset.
    """

    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    timestamp: int
    problem: str | None = None


class Run(NamedTuple):
    """Records of one partition, in order, bound to the position that their fetch started from."""

    topic: str
    partition: int
    fetch_position: int
    records: Sequence[Record]


class Seen(NamedTuple):
    """A topic as the brokers have it now. `id` is Kafka's own: one made anew under the same name has another."""

    id: str
    partitions: int


class Core(Protocol):
    """What a host drives. Its methods raise Retryable (do the same again later) or Fatal (end the process)."""

    @property
    def topics(self) -> frozenset[str]:
        """What to subscribe to."""

    @property
    def needs(self) -> frozenset[str]:
        """Topics that must be there: what is read, and where facts go."""

    @property
    def partitions(self) -> int | None:
        """How many each of the topics must have, where that is said."""

    async def position(
        self, topic: str, partition: int, beginning: int, end: int, topic_id: str | None = None
    ) -> int:
        """The offset to seek to; the position is made when there is none. Raises Stopped."""

    async def handle(self, run: Run) -> int:
        """One transaction. The durable next offset; if it is not the one after the last record, seek there."""

    async def due_lanes(self, lanes: Collection[int]) -> Collection[int]:
        """Those of the lanes in which a timer is due. One cheap look for all of them."""

    async def fire_timers(self, lane: int) -> None:
        """Fire what is due in the lane."""


class Host(Protocol):
    """What lanes ask of their host. `seek` binds later runs to the new position."""

    async def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset that the log still has, and the one after its last."""

    async def seen(self, topics: Collection[str]) -> Mapping[str, Seen]:
        """Of the topics, those that exist. Raises Retryable."""

    async def at_end(self, places: Collection[tuple[str, int]]) -> bool:
        """Everything that the broker has now, was fetched."""

    def handed_out(self, topic: str, partition: int) -> int | None:
        """The offset after the last record given to the lanes, or where was sought to; None before that."""

    def left(self, topic: str, partition: int) -> int | None:
        """How many offsets lie behind what was fetched, as the last fetch saw it. None when that is not known."""

    def denied(self) -> KafkaError | None:
        """That Kafka does not let us into the group, or read a topic."""

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        """The next run of the partition starts there; what was fetched from elsewhere is dropped."""

    async def commit(self, offsets: Mapping[tuple[str, int], int]) -> bool:
        """Tell Kafka, for tools that show lag; whether it took them. Nothing is ever read back."""
